import { expect, test } from "@playwright/test";
import { Api, logIn, prefer, visit } from "./support";

const member = "e2e-member";
const password = "walks with seven doors";

test.beforeEach(async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  const api = Api.of(page);
  await api.call("POST", "users", { apiVersion: "nagaya.dev/v1alpha1", kind: "User", metadata: { name: member }, spec: { displayName: "E2E member" } });
  const set = await api.call("POST", `users/${member}/password`, { password });
  expect(set.status).toBe(200);
  await api.call("POST", "logout");
});

test("a member sees no page of operations, in the menu or by its address", async ({ page }) => {
  await logIn(page, member, password);
  const menu = page.getByRole("navigation").getByRole("link");
  await expect(menu).toHaveText(["Home", "Workspaces", "Settings"]);
  for (const path of ["/users", "/audit", "/teams", "/templates", "/images"]) {
    await visit(page, path);
    await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  }
});

test("what the menu hides, the server refuses", async ({ page }) => {
  await logIn(page, member, password);
  const api = Api.of(page);
  expect((await api.call("GET", "audit")).status).toBe(403);
  expect((await api.call("POST", "users", { metadata: { name: "e2e-other" }, spec: {} })).status).toBe(403);
  for (const name of (await api.items("workspaces")).map((workspace) => workspace.metadata.name)) {
    throw new Error(`a member of no team sees ${name}`);
  }
});

test("a member of no team is told what to do", async ({ page }) => {
  await logIn(page, member, password);
  await expect(page.getByRole("heading", { name: "You are in no team yet" })).toBeVisible();
});

test("somebody whose password another set is asked to choose one", async ({ page }) => {
  await logIn(page, member, password);
  await expect(page.getByText("Somebody else set your password")).toBeVisible();
});
