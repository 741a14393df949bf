import { cp } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { Api, expectAccessible, expectPicture, expectTranslated, logIn, prefer, visit } from "./support";

/** A folder below one of the server's `chartPaths`; scripts/e2e.sh sees to it. */
const folder = process.env.NAGAYA_CHARTS;
const id = Date.now().toString(36);
const name = `chart-${id}`;
const repository = `charts-${id}`;

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.skip(!folder, "NAGAYA_CHARTS names no folder for charts");

test("a template with a chart is made in a form, and a workspace of it opens in the browser", async ({ page }) => {
  await cp(new URL("../../examples/environments/desktop", import.meta.url), `${folder}/${repository}/desktop`, { recursive: true });
  await prefer(page, "en");
  await logIn(page);
  const api = Api.of(page);
  const spec = { url: `file://${folder}/${repository}` };
  expect((await api.call("POST", "repositories", { metadata: { name: repository }, spec })).status).toBe(201);
  await api.call("POST", `repositories/${repository}/refresh`);
  const { body } = await api.call("GET", "images/python");
  const { reference } = body.spec as { readonly reference: string };

  await visit(page, `/catalogue/${repository}/desktop`);
  await page.getByRole("link", { name: "Make an environment of it" }).click();
  await expect(page.getByRole("heading", { name: "Create a template" })).toBeVisible();
  await expect(page.locator("#template-chart")).toHaveValue(`${repository}/desktop`);
  await page.locator("#template-name").fill(name);
  await page.locator("#template-service").fill("{workspace}-vnc");
  await page.locator("#template-home-value").fill("home.claim");
  await page.locator("#template-home").fill("64Mi");
  await page.locator(".cm-content").click();
  await page.keyboard.type(`image: "${reference}"`);
  await expectTranslated(page, "the form of a template with a chart");
  await expectAccessible(page, "the form of a template with a chart");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/templates/${name}$`));
  await expect(page.getByText("1.0.0")).toBeVisible();

  await page.getByRole("link", { name: "Create workspace" }).click();
  await page.locator("#name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect
    .poll(async () => ((await api.call("GET", `workspaces/${name}`)).body as { status?: { phase?: string } }).status?.phase, { timeout: 180_000 })
    .toBe("Running");
  await visit(page, `/workspaces/${name}/desktop`);
  await expectPicture(page);

  await api.call("POST", `workspaces/${name}/purge`);
  await expect.poll(async () => (await api.call("GET", `workspaces/${name}`)).status, { timeout: 180_000 }).toBe(404);
  await api.call("DELETE", `templates/${name}`);
  await api.call("DELETE", `repositories/${repository}`);
});
