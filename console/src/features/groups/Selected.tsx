import { useT } from "../../app/i18n";

/** A selector as text; an empty one in words. */
export function Selected({ by }: { readonly by: string }) {
  const { t } = useT();
  return by.trim() === "" ? <>{t("groups:selector.all")}</> : <code>{by}</code>;
}
