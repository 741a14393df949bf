import { expect, test, type Page } from "@playwright/test";
import { Api, expectAccessible, logIn, prefer, visit } from "./support";

const member = "e2e-member";
/** Set by operations, and so known to somebody else. */
const handedOver = "walks with seven doors";
const password = "seven doors, none of them locked";

test.beforeEach(async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  const api = Api.of(page);
  await api.call("POST", "users", { apiVersion: "nagaya.dev/v1alpha1", kind: "User", metadata: { name: member }, spec: { displayName: "E2E member" } });
  const set = await api.call("POST", `users/${member}/password`, { password: handedOver });
  expect(set.status).toBe(200);
  await api.call("POST", "logout");
});

/** Logs in with the password handed over, up to the question for one's own. */
async function comeIn(page: Page, path = "/"): Promise<void> {
  await visit(page, path);
  await page.locator("#login-user").fill(member);
  await page.locator("#login-password").fill(handedOver);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
}

async function choose(page: Page, wanted: string): Promise<void> {
  await page.locator("#current-password").fill(handedOver);
  await page.locator("#own-password").fill(wanted);
  await page.locator("#own-password-again").fill(wanted);
  await page.keyboard.press("Enter");
}

async function enter(page: Page): Promise<void> {
  await comeIn(page);
  await choose(page, password);
  await expect(page.locator(".pf-v6-c-masthead")).toBeVisible();
}

test("a member sees no page of operations, in the menu or by its address", async ({ page }) => {
  await enter(page);
  const menu = page.getByRole("navigation").getByRole("link");
  await expect(menu).toHaveText(["Home", "Workspaces", "Catalogue", "Releases", "Settings"]);
  for (const path of ["/users", "/audit", "/repositories", "/groups", "/bundles", "/bundles/new", "/teams", "/templates", "/images"]) {
    await visit(page, path);
    await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  }
});

test("what the menu hides, the server refuses", async ({ page }) => {
  await enter(page);
  const api = Api.of(page);
  expect((await api.call("GET", "audit")).status).toBe(403);
  expect((await api.call("POST", "users", { metadata: { name: "e2e-other" }, spec: {} })).status).toBe(403);
  for (const name of (await api.items("workspaces")).map((workspace) => workspace.metadata.name)) {
    throw new Error(`a member of no team sees ${name}`);
  }
});

test("a member of no team is told what to do", async ({ page }) => {
  await enter(page);
  await expect(page.getByRole("heading", { name: "You are in no team yet" })).toBeVisible();
});

test("somebody whose password another set chooses one before anything else, and goes on to the page asked for", async ({ page }) => {
  await comeIn(page, "/login?next=%2Fsettings");
  await expect(page.getByText("Somebody else set your password")).toBeVisible();
  await expect(page.locator(".pf-v6-c-masthead")).toBeHidden();
  await expectAccessible(page, "choose a new password");
  await choose(page, "short");
  await expect(page.locator("#own-password-help")).toContainText("at least");
  await choose(page, password);
  await expect(page.locator("h1")).toHaveText("Settings");
  expect(new URL(page.url()).pathname).toBe("/settings");
});
