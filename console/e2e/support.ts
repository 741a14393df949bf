import { AxeBuilder } from "@axe-core/playwright";
import { expect, type APIRequestContext, type Locator, type Page } from "@playwright/test";

export const USER = process.env.NAGAYA_USER ?? "admin";
export const PASSWORD = process.env.NAGAYA_PASSWORD ?? "";
export type Language = "en" | "ja";

/** Texts by which the tests find things, in both languages. */
export const TEXT = {
  en: { user: "User name", password: "Password", logIn: "Log in", workspaces: "Workspaces", create: "Create", start: "Start", stop: "Stop", open: "Open" },
  ja: { user: "ユーザー名", password: "パスワード", logIn: "ログイン", workspaces: "ワークスペース", create: "作成", start: "起動", stop: "停止", open: "開く" },
} as const;

/** Chooses language and theme before the page is loaded, as one who was here before. */
export async function prefer(page: Page, language: Language, theme: "light" | "dark" = "light"): Promise<void> {
  await page.addInitScript(
    ([chosen, look]) => {
      localStorage.setItem("nagaya.language", chosen);
      localStorage.setItem("nagaya.theme", look);
    },
    [language, theme] as const,
  );
}

/** Goes to a page; once more when the computer's network changed just then, as it does while clusters are made. */
export async function visit(page: Page, path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.goto(path);
      return;
    } catch (error) {
      if (attempt >= 4 || !String(error).includes("ERR_NETWORK_CHANGED")) {
        throw error;
      }
      await page.waitForTimeout(1000);
    }
  }
}

export async function logIn(page: Page, user = USER, password = PASSWORD): Promise<void> {
  await visit(page, "/");
  await page.locator("#login-user").fill(user);
  await page.locator("#login-password").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.locator(".pf-v6-c-masthead")).toBeVisible({ timeout: 60_000 });
}

/** The API, as the logged-in page sees it. */
export class Api {
  constructor(
    private readonly request: APIRequestContext,
    private readonly origin: string,
  ) {}

  static of(page: Page): Api {
    return new Api(page.request, new URL(page.url()).origin);
  }

  async call(method: string, path: string, data?: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const response = await this.request.fetch(`${this.origin}/api/v1alpha1/${path}`, { method, data, headers: { origin: this.origin } });
    const text = await response.text();
    let body: unknown = {};
    try {
      body = JSON.parse(text);
    } catch {
      body = { text };
    }
    return { status: response.status(), body: body as Record<string, unknown> };
  }

  async items<T = { metadata: { name: string }; spec: Record<string, unknown>; status?: Record<string, unknown> }>(plural: string): Promise<T[]> {
    const { body } = await this.call("GET", plural);
    return (body as { items?: T[] }).items ?? [];
  }
}

/** No finding that keeps somebody from using the page. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // The picture of a desktop is pixels: what is in it is not ours to judge.
  const result = await new AxeBuilder({ page }).exclude(".ngy-screen").analyze();
  const bad = result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.target.join(" ")).join("\n  ")}`);
  expect(bad, `${where} has accessibility findings`).toEqual([]);
}

/** No text stands as its key: neither `noun:path.to.text` nor an unfilled blank. */
export async function expectTranslated(page: Page, where: string): Promise<void> {
  const text = await page.locator("body").innerText();
  const keys = text.match(/\b(common|app|login|home|workspaces|desktop|clusters|groups|bundles|sources|catalogue|repositories|releases|teams|users|templates|images|audit|settings|reasons):[a-z][\w.]+|\{\{\w+\}\}/g);
  expect(keys ?? [], `${where} shows untranslated texts`).toEqual([]);
}

/** How many different colours the picture has, and a digest of it. */
export async function pixels(canvas: Locator): Promise<{ readonly colours: number; readonly digest: string }> {
  return canvas.evaluate((element) => {
    const picture = element as HTMLCanvasElement;
    const { data } = picture.getContext("2d")?.getImageData(0, 0, picture.width, picture.height) ?? { data: new Uint8ClampedArray() };
    const colours = new Set<number>();
    let digest = 2166136261;
    for (let at = 0; at < data.length; at += 4) {
      const colour = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
      colours.add(colour);
      digest = Math.imul(digest ^ colour, 16777619);
    }
    return { colours: colours.size, digest: (digest >>> 0).toString(16) };
  });
}

/** Waits until a desktop is drawn: more than a blank or a background of one colour. */
export async function expectPicture(page: Page): Promise<Locator> {
  const canvas = page.locator(".ngy-screen canvas");
  await expect(canvas).toBeVisible({ timeout: 90_000 });
  await expect.poll(async () => (await pixels(canvas)).colours, { timeout: 60_000 }).toBeGreaterThan(8);
  return canvas;
}
