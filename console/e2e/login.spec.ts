import { expect, test } from "@playwright/test";
import { expectAccessible, expectTranslated, logIn, PASSWORD, prefer, TEXT, USER, visit, type Language } from "./support";

for (const language of ["en", "ja"] as const satisfies readonly Language[]) {
  test(`one can log in, in ${language}, with the keyboard alone`, async ({ page }) => {
    await prefer(page, language);
    await visit(page, "/");
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.getByLabel(TEXT[language].user)).toBeFocused();
    await expectAccessible(page, "login");
    await page.keyboard.type(USER);
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: TEXT[language].workspaces }).first()).toBeVisible();
    await expectTranslated(page, "home");
  });
}

test("the language can be chosen before logging in, and is kept", async ({ page }) => {
  await visit(page, "/");
  await page.getByRole("button", { name: "日本語" }).click();
  await expect(page.getByRole("button", { name: TEXT.ja.logIn })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: TEXT.ja.logIn })).toBeVisible();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("button", { name: TEXT.en.logIn })).toBeVisible();
});

test("the login page's own address leads to the page asked for or home, and never to another site", async ({ page }) => {
  await prefer(page, "en");
  await visit(page, "/login?next=%2Fclusters%3Fq%3Da");
  await page.locator("#login-user").fill(USER);
  await page.locator("#login-password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/clusters\?q=a$/);
  await expect(page.locator("h1")).toHaveText("Clusters");
  for (const address of ["/login", "/login?next=https%3A%2F%2Fexample.org%2F", "/login?next=%2F%2Fexample.org%2F"]) {
    await visit(page, address);
    await expect(page.getByRole("heading", { name: "What is wrong now" }), address).toBeVisible();
    expect(new URL(page.url()).pathname, address).toBe("/");
  }
});

test("a wrong password is refused in words, and what was typed stays", async ({ page }) => {
  await prefer(page, "en");
  await visit(page, "/");
  await page.locator("#login-user").fill("nobody-of-this-name");
  await page.locator("#login-password").fill("wrong password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("wrong");
  await expect(page.locator("#login-user")).toHaveValue("nobody-of-this-name");
});

test("a session that ends asks to log in on top, and the form below keeps its text", async ({ page, context }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, "/workspaces/new");
  await page.locator("#name").fill("kept-name");
  await context.clearCookies();
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("dialog")).toContainText("Your session is over");
  await page.getByRole("dialog").getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.locator("#name")).toHaveValue("kept-name");
});

test("logging out leads to the login page, and back leads nowhere", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await page.locator(".ngy-user-name").click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Log in to Nagaya" })).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.reload();
  await expect(page.locator("#login-user")).toBeVisible();
});
