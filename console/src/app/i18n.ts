import i18next, { type i18n as I18n, type TFunction } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { resources as english } from "../locales/en";

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A language's name in itself, so that those who need it can read it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", ja: "日本語" };

export const NAMESPACES = [
  "common",
  "app",
  "login",
  "home",
  "workspaces",
  "desktop",
  "clusters",
  "groups",
  "bundles",
  "sources",
  "catalogue",
  "repositories",
  "releases",
  "teams",
  "users",
  "templates",
  "images",
  "audit",
  "settings",
  "reasons",
] as const;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof english;
  }
}

// One language is fetched, as a chunk of its own.
const LOADERS: Readonly<Record<Language, () => Promise<{ resources: object }>>> = {
  en: () => import("../locales/en"),
  ja: () => import("../locales/ja"),
};

export function chosenLanguage(): Language {
  return document.documentElement.lang.startsWith("ja") ? "ja" : "en";
}

export async function setUpLanguage(language: Language): Promise<I18n> {
  const { resources } = await LOADERS[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: [...NAMESPACES],
    defaultNS: "common",
    resources: { [language]: resources } as never,
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
  return i18next;
}

/** Changes the language of the page and remembers it on this computer. */
export async function changeLanguage(language: Language): Promise<void> {
  const { resources } = await LOADERS[language]();
  for (const [namespace, texts] of Object.entries(resources)) {
    i18next.addResourceBundle(language, namespace, texts, true, true);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem("nagaya.language", language);
  } catch {
    // A browser that keeps nothing still shows the choice for this visit.
  }
}

export type T = TFunction<typeof NAMESPACES>;

/** Every text of the console, as `noun:path.to.text`; an unknown key does not compile. */
export function useT(): { t: T; language: Language; i18n: I18n } {
  const { t, i18n } = useTranslation(NAMESPACES);
  return { t: t as unknown as T, language: i18n.language === "ja" ? "ja" : "en", i18n };
}

/**
 * Why something is so, in the reader's words. The server's own sentence is English and says more than its code (which image, how much
 * memory): in English it stands alone, elsewhere after the translated code.
 */
export function reasonText(i18n: I18n, reason: string | undefined, message: string | undefined): string {
  const known = reason && i18n.exists(`reasons:${reason}`) ? (i18n.t(`reasons:${reason}` as never) as unknown as string) : "";
  if (message && known && i18n.language !== "en") {
    return `${known}（${message}）`;
  }
  const text = message || known || reason || "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}
