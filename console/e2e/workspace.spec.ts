import { expect, test, type Page } from "@playwright/test";
import { Api, expectAccessible, expectPicture, expectTranslated, logIn, pixels, prefer, visit } from "./support";

/** The name is new in every run, so that an earlier one's leftovers do not matter. */
const name = `e2e-${Date.now().toString(36)}`;

test.describe.configure({ mode: "serial", timeout: 300_000 });

async function waitFor(page: Page, phase: string): Promise<void> {
  await expect
    .poll(async () => ((await Api.of(page).call("GET", `workspaces/${name}`)).body as { status?: { phase?: string } }).status?.phase, {
      timeout: 180_000,
    })
    .toBe(phase);
}

/** Types into the desktop; the terminal is expected to have the focus, as the desktop opens with one. */
async function type(page: Page, text: string): Promise<void> {
  await page.locator(".ngy-screen canvas").focus();
  await page.keyboard.type(text, { delay: 20 });
  await page.keyboard.press("Enter");
}

/** What a command prints in the workspace, through the command line: the same file, seen another way. NAGAYA_EXEC or NAGAYA_BIN is the program with
 * what it needs to find the server, for instance `nagaya --instance test`. */
async function inWorkspace(command: string): Promise<string> {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  const program = process.env.NAGAYA_EXEC ?? process.env.NAGAYA_BIN ?? "nagaya";
  const words = program.split(" ");
  const { stdout } = await promisify(execFile)(words[0] ?? "nagaya", [...words.slice(1), "workspace", "exec", name, "--", "sh", "-c", command]);
  return stdout;
}

test("a workspace is created from a template, and the way to its desktop is shown", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, "/workspaces");
  await page.getByRole("link", { name: "Create workspace" }).first().click();
  await expect(page.getByRole("heading", { name: "Create a workspace" })).toBeVisible();
  await page.locator("#name").fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/workspaces/${name}$`));
  await expect(page.getByText("Desktop answers")).toBeVisible();
  await waitFor(page, "Running");
  // Without a reload.
  await expect(page.locator("main").getByText("Running", { exact: true }).first()).toBeVisible();
});

test("its desktop opens, is not blank, and takes what is typed", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, `/workspaces/${name}/desktop`);
  const canvas = await expectPicture(page);
  await expect(page.getByTestId("latency")).toContainText("ms", { timeout: 20_000 });
  await expectTranslated(page, "desktop");
  await expectAccessible(page, "desktop");
  const before = await pixels(canvas);
  await openTerminal(page);
  await type(page, `echo written by hand > ~/${name}.txt; sync`);
  await expect.poll(async () => (await pixels(canvas)).digest).not.toBe(before.digest);
  await expect.poll(() => inWorkspace(`cat /home/dev/${name}.txt`), { timeout: 30_000 }).toContain("written by hand");
  await page.screenshot({ path: "test-results/screens/desktop.png" });
});

test("Ctrl+Alt+Shift+M leads out of the picture, and no key stays pressed in it", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, `/workspaces/${name}/desktop`);
  await expectPicture(page);
  await page.locator(".ngy-screen canvas").focus();
  await page.keyboard.press("Control+Alt+Shift+m");
  await expect(page.locator(".ngy-bar :focus")).toBeVisible();
});

test("a connection that breaks comes back by itself, over the last picture", async ({ page }) => {
  await prefer(page, "en");
  // The page's own sockets can be cut, as a network does.
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    window.WebSocket = new Proxy(window.WebSocket, {
      construct(Original, [url, protocols]: [string | URL, (string | string[])?]) {
        const socket = new Original(url, protocols);
        sockets.push(socket);
        return socket;
      },
    });
    (window as unknown as { cut: () => void }).cut = () => sockets.splice(0).forEach((socket) => socket.close());
  });
  await logIn(page);
  await visit(page, `/workspaces/${name}/desktop`);
  await expectPicture(page);
  await page.evaluate(() => (window as unknown as { cut: () => void }).cut());
  await expect(page.locator(".ngy-snapshot canvas")).toBeVisible();
  await expect(page.locator(".ngy-snapshot")).toHaveCount(0, { timeout: 30_000 });
  await expectPicture(page);
});

test("stopping it elsewhere shows here; Start opens it again by itself, with its files", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, `/workspaces/${name}/desktop`);
  await expectPicture(page);
  expect((await Api.of(page).call("POST", `workspaces/${name}/stop`)).status).toBe(200);
  await expect(page.getByRole("heading", { name: `${name} is stopped` })).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page, "stopped desktop");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expectPicture(page);
  expect(await inWorkspace(`cat /home/dev/${name}.txt`)).toContain("written by hand");
});

test("deleting keeps the home, restoring brings it back, purging asks for the name", async ({ page }) => {
  await prefer(page, "en");
  await logIn(page);
  await visit(page, `/workspaces/${name}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Restore" })).toBeEnabled({ timeout: 90_000 });
  await page.getByRole("button", { name: "Restore" }).click();
  await waitFor(page, "Running");
  expect(await inWorkspace(`cat /home/dev/${name}.txt`)).toContain("written by hand");

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await waitFor(page, "Deleted");
  await page.getByRole("button", { name: "Remove for good" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Remove for good" })).toBeDisabled();
  await dialog.getByRole("textbox").fill(name);
  await dialog.getByRole("button", { name: "Remove for good" }).click();
  await expect.poll(async () => (await Api.of(page).call("GET", `workspaces/${name}`)).status, { timeout: 90_000 }).toBe(404);
});

/** The desktop's window manager opens a terminal by its key; waits until the picture has changed. */
async function openTerminal(page: Page): Promise<void> {
  const canvas = page.locator(".ngy-screen canvas");
  const before = (await pixels(canvas)).digest;
  await canvas.focus();
  await page.keyboard.press(process.env.NAGAYA_TERMINAL_KEY ?? "Control+Alt+t");
  await expect.poll(async () => (await pixels(canvas)).digest, { timeout: 20_000 }).not.toBe(before);
  await page.waitForTimeout(2000);
}
