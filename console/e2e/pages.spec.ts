import { expect, test } from "@playwright/test";
import { Api, expectAccessible, expectTranslated, logIn, prefer, visit } from "./support";

const PAGES = [
  "/",
  "/workspaces",
  "/workspaces/new",
  "/clusters",
  "/groups",
  "/bundles",
  "/bundles/new",
  "/catalogue",
  "/releases",
  "/repositories",
  "/teams",
  "/users",
  "/templates",
  "/templates/new",
  "/images",
  "/audit",
  "/settings",
  "/nowhere",
] as const;

/** Pages of the first object of each kind there is. */
async function objectPages(api: Api): Promise<string[]> {
  const tabs: Record<string, readonly string[]> = {
    workspaces: ["", "/events", "/logs", "/yaml"],
    clusters: ["", "/bundles", "/nodes", "/workloads", "/events", "/yaml"],
    groups: ["", "/bundles", "/yaml"],
    bundles: ["", "/objects", "/versions", "/yaml", "/edit"],
    repositories: ["", "/yaml"],
    releases: ["", "/objects", "/history", "/values", "/notes", "/upgrade", "/yaml"],
    teams: ["", "/placement", "/yaml"],
    templates: ["", "/yaml", "/edit"],
  };
  const found: string[] = [];
  for (const [plural, ends] of Object.entries(tabs)) {
    const [first] = await api.items(plural);
    if (first) {
      found.push(...ends.map((end) => `/${plural}/${first.metadata.name}${end}`));
    }
  }
  return found;
}

for (const language of ["en", "ja"] as const) {
  test(`every page can be used by everybody and is in ${language}`, async ({ page }) => {
    test.setTimeout(900_000);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy|Each child in a list|hydrat/i.test(message.text())) {
        faults.push(`${page.url()}: ${message.text()}`);
      }
    });
    await prefer(page, language);
    await logIn(page);
    for (const path of [...PAGES, ...(await objectPages(Api.of(page)))]) {
      await visit(page, path);
      await expect(page.locator("h1").first(), path).toBeVisible();
      await page.waitForLoadState("load");
      await expect(page.locator("[aria-busy=true]"), path).toHaveCount(0);
      await expectTranslated(page, path);
      // What axe looks at is the same in every language.
      if (language === "en") {
        await expectAccessible(page, path);
      }
    }
    expect(faults).toEqual([]);
  });
}

test("screenshots of the main pages, in both languages, themes and widths", async ({ browser }) => {
  test.setTimeout(600_000);
  for (const language of ["en", "ja"] as const) {
    for (const theme of ["light", "dark"] as const) {
      for (const width of [1280, 375] as const) {
        const context = await browser.newContext({ viewport: { width, height: width === 375 ? 812 : 900 } });
        const page = await context.newPage();
        await prefer(page, language, theme);
        await visit(page, "/");
        await expect(page.locator("#login-user")).toBeVisible();
        const shot = async (name: string) => {
          await page.screenshot({ path: `test-results/screens/${language}-${theme}-${width}-${name}.png`, fullPage: true, animations: "disabled" });
          // Nothing sticks out sideways: a phone would scroll in two directions.
          const sticks = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          expect(sticks, `${name} at ${width} px`).toBeLessThanOrEqual(1);
        };
        await shot("login");
        await logIn(page);
        for (const [name, path] of Object.entries({ home: "/", workspaces: "/workspaces", create: "/workspaces/new", clusters: "/clusters", settings: "/settings" })) {
          await visit(page, path);
          await expect(page.locator("h1").first()).toBeVisible();
          await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
          await shot(name);
        }
        await context.close();
      }
    }
  }
});

test("keys lead to pages, to the search and to help, and can be off", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await expect(page).toHaveURL(/\/workspaces$/);
  await expect(page.locator("h1")).toBeFocused();
  // The list's search is there once the list is.
  await expect(page.getByLabel("Search by name, owner, team…")).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search by name, owner, team…")).toBeFocused();
  await page.keyboard.type("g w");
  await expect(page).toHaveURL(/q=g\+w/);
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Use shortcuts of single letters").uncheck({ force: true });
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.locator("h1").click();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\/workspaces/);
});

test("the dark theme holds from the first paint", async ({ page }) => {
  await prefer(page, "en", "dark");
  await visit(page, "/");
  await expect(page.locator("html")).toHaveClass(/pf-v6-theme-dark/);
});
