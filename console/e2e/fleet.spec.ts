import { expect, test, type Locator, type Page } from "@playwright/test";
import { Api, expectAccessible, expectTranslated, logIn, prefer, visit } from "./support";

/** Names are new in every run, so that an earlier one's leftovers do not matter. */
const run = Date.now().toString(36);
const group = `e2e-${run}`;
const bundle = `e2e-${run}`;
const config = `e2e-${run}`;

test.describe.configure({ mode: "serial", timeout: 300_000 });

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
  const page = await browser.newPage();
  await logIn(page);
  const api = Api.of(page);
  await api.call("DELETE", `bundles/${bundle}`);
  await expect.poll(async () => (await api.call("GET", `bundles/${bundle}`)).status, { timeout: 90_000 }).toBe(404);
  await api.call("DELETE", `groups/${group}`);
  await page.close();
});

const kubernetes = (path: string) => `clusters/${cluster}/kubernetes${path}`;
const configMap = () => kubernetes(`/api/v1/namespaces/default/configmaps/${config}`);
const dataOf = async (page: Page) => ((await Api.of(page).call("GET", configMap())).body as { data?: Record<string, string> }).data;
const row = (page: Page, name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });

/** Types into an editor of YAML, which is in a shadow root of its own. */
async function write(editor: Locator, text: string): Promise<void> {
  const content = editor.locator(".cm-content");
  await content.click();
  await content.press("Control+a");
  await content.page().keyboard.insertText(text);
}

const objects = (value: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${config}
  namespace: default
data:
  value: "${value}"
  cluster: "\${cluster.name}"
`;

test("a group shows the clusters it picks while its selector is typed", async ({ page }) => {
  await visit(page, "/groups");
  await page.getByRole("button", { name: "Create group" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(group);
  const selector = dialog.getByLabel("Selector");
  await selector.fill("a in b");
  await expect(dialog.getByText("This is no label selector")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Create" })).toBeDisabled();
  await selector.fill(`nagaya.dev/cluster in (${cluster})`);
  await expect(dialog.getByText(/^1 of \d+ clusters$/)).toBeVisible();
  await expectAccessible(page, "create a group");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(new RegExp(`/groups/${group}$`));
  await expect(row(page, cluster)).toBeVisible();
  // The server comes to the same.
  await expect
    .poll(async () => ((await Api.of(page).call("GET", `groups/${group}`)).body as { status?: { clusters?: string[] } }).status?.clusters)
    .toEqual([cluster]);
});

test("a cluster's labels are changed on its page", async ({ page }) => {
  await visit(page, `/clusters/${cluster}`);
  const change = async (text: (old: string) => string) => {
    await page.getByRole("button", { name: "Change labels" }).click();
    const labels = page.getByRole("dialog").getByLabel("Labels");
    await labels.fill(text(await labels.inputValue()));
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  };
  await change((old) => `${old}\ne2e=${run}`);
  await expect(page.locator("main").getByText(`e2e=${run}`)).toBeVisible();
  await change((old) => old.replace(`e2e=${run}`, ""));
  await expect(page.locator("main").getByText(`e2e=${run}`)).toHaveCount(0);
});

test("a bundle reaches the group's cluster; what the server refuses is shown in its line", async ({ page }) => {
  await visit(page, "/bundles/new");
  await page.locator("#bundle-name").fill(bundle);
  await page.getByLabel(group, { exact: true }).check();
  const editor = page.locator(".ngy-editor").first();
  await write(editor, "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n");
  await page.locator("#bundle-message").fill("The first");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("button", { name: "Line 3" })).toBeVisible();
  await expectAccessible(page, "a bundle refused");
  await write(editor, objects("one"));
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/bundles/${bundle}$`));
  // Without a reload.
  await expect(row(page, cluster).getByText("Ready", { exact: true })).toBeVisible({ timeout: 90_000 });
  expect(await dataOf(page)).toEqual({ value: "one", cluster });
  await expectAccessible(page, "a bundle");
});

test("what somebody else changes is put back, and the page says who changed what", async ({ page }) => {
  await visit(page, `/bundles/${bundle}`);
  const changed = await page.request.fetch(`${new URL(page.url()).origin}/api/v1alpha1/${configMap()}?fieldManager=somebody`, {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json", origin: new URL(page.url()).origin },
    data: JSON.stringify({ data: { value: "drifted" } }),
  });
  expect(changed.status()).toBe(200);
  await expect.poll(async () => (await dataOf(page))?.value, { timeout: 90_000 }).toBe("one");
  await expect(row(page, cluster)).toContainText("Put back", { timeout: 30_000 });
  await expect(row(page, cluster)).toContainText(".data.value");
  await expect(row(page, cluster)).toContainText("somebody");
  await visit(page, `/bundles/${bundle}?on=${cluster}`);
  await expect(page.getByText("The object is there as the bundle asks.")).toBeVisible();
});

test("a second version is compared with the first, and rolled back", async ({ page }) => {
  await visit(page, `/bundles/${bundle}/edit`);
  await write(page.locator(".ngy-editor").first(), objects("two"));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(new RegExp(`/bundles/${bundle}$`));
  await expect.poll(async () => (await dataOf(page))?.value, { timeout: 90_000 }).toBe("two");

  await page.getByRole("link", { name: "Versions" }).click();
  await expect(page.getByText("2 (newest)")).toBeVisible();
  await expect(page.getByText("The first")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: `Changed: ConfigMap default/${config}` })).toBeVisible();
  await expect(page.locator(".ngy-editor .cm-deletedChunk")).toContainText("value: one");
  await expectAccessible(page, "versions of a bundle");
  await page.getByRole("row").filter({ hasText: "The first" }).getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await expect(page.getByText("3 (newest)")).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await dataOf(page))?.value, { timeout: 90_000 }).toBe("one");
});

test("while it is paused, clusters keep the version that they have", async ({ page }) => {
  await visit(page, `/bundles/${bundle}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await visit(page, `/bundles/${bundle}/edit`);
  await write(page.locator(".ngy-editor").first(), objects("paused"));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row(page, cluster).getByText("Waiting", { exact: true })).toBeVisible({ timeout: 60_000 });
  expect((await dataOf(page))?.value).toBe("one");
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(async () => (await dataOf(page))?.value, { timeout: 90_000 }).toBe("paused");
});

test("a cluster shows its nodes, and what runs there with logs and a shell", async ({ page }) => {
  const api = Api.of(page);
  const pods = ((await api.call("GET", kubernetes("/api/v1/pods?limit=500"))).body as {
    items: { metadata: { name: string; namespace: string }; status: { phase: string } }[];
  }).items.filter(({ status }) => status.phase === "Running");
  expect(pods.length, "something runs on the cluster").toBeGreaterThan(0);

  await visit(page, `/clusters/${cluster}/nodes`);
  await expect(page.getByRole("grid", { name: "Nodes" }).getByText(/^\d+ of \d+$/).first()).toBeVisible();
  await page.getByRole("link", { name: "Workloads" }).click();
  await expect(page.getByRole("grid", { name: "Workloads" }).getByRole("row").nth(1)).toBeVisible();

  // The agent's own image need not have a shell: a workspace has one.
  const pod = pods.find(({ metadata }) => metadata.namespace !== "kube-system" && !metadata.namespace.startsWith("nagaya")) ?? pods[0];
  const { name, namespace } = pod?.metadata ?? { name: "", namespace: "" };
  await visit(page, `/clusters/${cluster}/workloads?pod=${namespace}/${name}`);
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByRole("log").or(page.getByText("Nothing has been written yet."))).toBeVisible();
  await expect(page.getByText("The log could not be read")).toHaveCount(0);
  await expectTranslated(page, "a pod");
});

test("a shell in a workspace's pod runs what is typed, and can be left with the keyboard", async ({ page }) => {
  const workspaces = await Api.of(page).items<{
    metadata: { name: string };
    spec: { cluster?: string; namespace?: string };
    status?: { phase?: string; pod?: { name: string } };
  }>("workspaces");
  const running = workspaces.find(({ status }) => status?.phase === "Running" && status.pod);
  const pod = running?.status?.pod?.name;
  if (!running || !pod) {
    throw new Error("this test needs a workspace that runs");
  }
  const { cluster: on, namespace } = running.spec;
  await visit(page, `/clusters/${on}/workloads?pod=${namespace}/${pod}&view=shell&container=workspace`);
  const terminal = page.locator(".ngy-terminal");
  await expect(terminal.locator(".xterm-rows")).toContainText(/[$#]/, { timeout: 30_000 });
  await page.keyboard.type("echo $((6 * 7))-typed");
  await page.keyboard.press("Enter");
  await expect(terminal.locator(".xterm-rows")).toContainText("42-typed");
  await expectAccessible(page, "a shell");
  await page.keyboard.press("Control+Alt+Shift+m");
  await expect(page.getByRole("button", { name: "All workloads" })).toBeFocused();
  await terminal.locator("textarea").focus();
  await page.keyboard.type("exit 3");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The shell has ended with code 3")).toBeVisible();
});

test("the home of operations tells of the fleet by group", async ({ page }) => {
  await visit(page, "/");
  await expect(page.getByRole("heading", { name: "The fleet" })).toBeVisible();
  await expect(row(page, group).getByText("1 cluster")).toBeVisible();
});
