import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { Api, expectAccessible, expectTranslated, logIn, prefer, visit } from "./support";

/**
 * A chart is installed by form and by YAML, upgraded, rolled back and uninstalled. NAGAYA_CHARTS names a folder of this machine that the
 * server may read charts from (its setting `chartPaths`); the charts are written there.
 */
const FOLDER = process.env.NAGAYA_CHARTS ?? "";

/** Names are new in every run, so that an earlier one's leftovers do not matter. */
const run = Date.now().toString(36);
const repository = `e2e-${run}`;
const chart = `page-${run}`;
const byForm = `form-${run}`;
const byYaml = `yaml-${run}`;
const namespace = `e2e-${run}`;

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.skip(FOLDER === "", "NAGAYA_CHARTS names no folder to put charts into");

const values = (colour: string) => `# How many letters
size: 3

# What the page says
page:
  # The colour of the page
  colour: ${colour}
  bright: false
`;
const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  size: {{ .Values.size | quote }}
  colour: {{ required "page.colour must be set" .Values.page.colour | quote }}
  bright: {{ .Values.page.bright | quote }}
`;

/** Writes the chart in a version, each in a folder of its own. */
async function write(version: string, colour: string): Promise<void> {
  const folder = join(FOLDER, repository, `${chart}-${version}`);
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${chart}\nversion: ${version}\nappVersion: "1"\ndescription: A page\n`);
  await writeFile(join(folder, "values.yaml"), values(colour));
  await writeFile(join(folder, "README.md"), "# Page\n\nSays what *colour* it is.\n");
  await writeFile(join(folder, "templates", "page.yaml"), template);
  await writeFile(join(folder, "templates", "NOTES.txt"), "The page of {{ .Release.Name }} is {{ .Values.page.colour }}.\n");
}

interface Cluster {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly phase?: string; readonly agent?: { readonly connected?: boolean } };
}
let cluster = "";

test.beforeEach(async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  const ready = (await Api.of(page).items<Cluster>("clusters")).find(({ status }) => status?.phase === "Ready" && status.agent?.connected);
  if (!ready) {
    throw new Error("these tests need a cluster that is ready");
  }
  cluster = ready.metadata.name;
});

test.afterAll(async ({ browser }) => {
  if (FOLDER === "") {
    return;
  }
  const page = await browser.newPage();
  await logIn(page);
  const api = Api.of(page);
  for (const name of [byForm, byYaml]) {
    await api.call("DELETE", `releases/${name}`);
    await expect.poll(async () => (await api.call("GET", `releases/${name}`)).status, { timeout: 90_000 }).toBe(404);
  }
  await api.call("DELETE", `repositories/${repository}`);
  await api.call("DELETE", `clusters/${cluster}/kubernetes/api/v1/namespaces/${namespace}`);
  await page.close();
  await rm(join(FOLDER, repository), { recursive: true, force: true });
});

const dataOf = async (page: Page, name: string) =>
  ((await Api.of(page).call("GET", `clusters/${cluster}/kubernetes/api/v1/namespaces/${namespace}/configmaps/${name}`)).body as { data?: Record<string, string> }).data;

const revisionsOf = async (page: Page, name: string) => {
  const { body } = await Api.of(page).call("GET", `releases/${name}`);
  return (body as { status?: { clusters?: { revision?: number; state?: string }[] } }).status?.clusters?.[0];
};

/** Types into an editor of YAML, which is in a shadow root of its own. */
async function type(editor: Locator, text: string): Promise<void> {
  const content = editor.locator(".cm-content");
  await content.click();
  await content.press("Control+a");
  await content.page().keyboard.insertText(text);
}

/** From the chart's page to the values of a release called so. */
async function aim(page: Page, name: string): Promise<void> {
  await visit(page, `/catalogue/${repository}/${chart}`);
  await page.getByRole("link", { name: "Install" }).click();
  await page.locator("#release-name").fill(name);
  await page.locator("#release-cluster").selectOption(cluster);
  await page.locator("#release-namespace").fill(namespace);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/The chart renders: \d+ object/)).toBeVisible();
}

/** Through the review to the release's page, until it is ready there. */
async function finish(page: Page, name: string, action: "Install" | "Upgrade"): Promise<void> {
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(new RegExp(`^ConfigMap .*${name}$`))).toBeVisible();
  await expectAccessible(page, `review of ${name}`);
  await page.getByRole("button", { name: action, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/releases/${name}$`));
  await expect.poll(async () => (await revisionsOf(page, name))?.state, { timeout: 120_000 }).toBe("Ready");
}

test("a repository is added, and its charts appear in the catalogue with readme and values", async ({ page }) => {
  await write("1.0.0", "blue");
  await visit(page, "/catalogue");
  await page.getByRole("link", { name: "Add repository" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("#repository-name").fill(repository);
  await dialog.locator("#repository-url").fill(`file://${join(FOLDER, repository)}`);
  await expectAccessible(page, "a new repository");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  // An open dialog has a heading of its own.
  await expect(dialog).toBeHidden();
  await expect(page.locator("h1")).toHaveText(repository);
  await expect(page.getByText("Readable", { exact: true })).toBeVisible({ timeout: 60_000 });
  await visit(page, `/catalogue?repository=${repository}`);
  await page.getByRole("link", { name: chart, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Page", exact: true })).toBeVisible();
  await expectAccessible(page, "a chart");
  await expectTranslated(page, "a chart");
});

test("a chart is installed through the form, with the preview seen first", async ({ page }) => {
  await aim(page, byForm);
  await page.getByRole("textbox", { name: "size" }).fill("7");
  await page.getByRole("button", { name: /^page/ }).click();
  await page.getByRole("textbox", { name: "colour" }).fill("green");
  // The editor beside the form shows the same, and only what differs.
  await expect(page.getByRole("region", { name: "YAML" }).locator(".cm-content")).toHaveText(/size: 7\s*page:\s*colour: green\s*$/);
  await page.getByRole("button", { name: /^Objects/ }).click();
  await page.getByRole("button", { name: new RegExp(`ConfigMap .*${byForm}`) }).click();
  await expect(page.getByLabel(new RegExp(`^ConfigMap .*${byForm}$`)).last()).toContainText('colour: "green"');
  await expectAccessible(page, "values");
  await expectTranslated(page, "values");
  await finish(page, byForm, "Install");
  expect(await dataOf(page, byForm)).toEqual({ size: "7", colour: "green", bright: "false" });
  await page.getByRole("link", { name: "Notes" }).click();
  await expect(page.getByText(`The page of ${byForm} is green.`)).toBeVisible();
});

test("a chart is installed through YAML, and what does not render is said with file and line", async ({ page }) => {
  await aim(page, byYaml);
  const editor = page.getByRole("region", { name: "YAML" });
  await type(editor, "page:\n  colour: null\n");
  await expect(page.getByText("The chart does not render")).toBeVisible();
  // The message itself tells it once more.
  await expect(page.getByText(/templates\/page\.yaml:\d+/).first()).toBeVisible();
  await type(editor, "# ours\nsize: 3\npage:\n  bright: true\n");
  await expect(page.getByText("1 value repeats what the layers below say.")).toBeVisible();
  await page.getByRole("button", { name: "Keep only what differs" }).click();
  await expect(editor.locator(".cm-content")).not.toContainText("size");
  await finish(page, byYaml, "Install");
  expect(await dataOf(page, byYaml)).toEqual({ size: "3", colour: "blue", bright: "true" });
});

test("an upgrade to a newer version keeps what is set, says which defaults changed, and is rolled back", async ({ page }) => {
  await write("1.1.0", "red");
  await visit(page, `/repositories/${repository}`);
  await page.getByRole("button", { name: "Look now" }).click();
  // Leaving the page before would break the request off.
  await expect(page.getByText(`Repository ${repository} was looked at`).first()).toBeVisible();
  await visit(page, "/releases");
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: byYaml, exact: true }) });
  await row.getByRole("link", { name: "1.1.0 is there" }).click();
  await page.getByRole("button", { name: "1 default changed between 1.0.0 and 1.1.0" }).click();
  await expect(page.getByRole("gridcell", { name: "page.colour" })).toBeVisible();
  await finish(page, byYaml, "Upgrade");
  await expect.poll(() => dataOf(page, byYaml), { timeout: 120_000 }).toEqual({ size: "3", colour: "red", bright: "true" });
  await page.getByRole("link", { name: "History" }).click();
  await expectAccessible(page, "history");
  await expectTranslated(page, "history");
  await page.getByRole("button", { name: "Roll back: 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect.poll(() => dataOf(page, byYaml), { timeout: 120_000 }).toEqual({ size: "3", colour: "blue", bright: "true" });
  await expect.poll(async () => (await revisionsOf(page, byYaml))?.revision, { timeout: 120_000 }).toBe(3);
});

test("a release is uninstalled once its name was typed", async ({ page }) => {
  await visit(page, `/releases/${byForm}`);
  await page.getByRole("button", { name: "Uninstall" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill(byForm);
  await dialog.getByRole("button", { name: "Uninstall" }).click();
  await expect(page).toHaveURL(/\/releases$/);
  await expect.poll(() => dataOf(page, byForm), { timeout: 120_000 }).toBeUndefined();
});
