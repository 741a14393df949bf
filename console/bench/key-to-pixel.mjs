// Time from a key press to the changed pixel: in the console through gateway, tunnel and relay, and by noVNC straight to the same X server.
// Rounds of both alternate, so that a machine that is busy for a while is busy for both.
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { person, workspace, xServerOf } from "./instance.mjs";
import { straight } from "./straight.mjs";

const TRIES = Number(process.env.NAGAYA_BENCH_TRIES ?? 60);
const ROUNDS = 4;
/** What may be added to noVNC's own time. Milliseconds. */
const TARGET = 2;
const url = process.env.NAGAYA_URL ?? "http://127.0.0.1:8080";

const name = await workspace();
const { user, password } = await person();
const plain = await straight(xServerOf(name));
const browser = await chromium.launch({
  executablePath: process.env.NAGAYA_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 844 } });
await context.addInitScript({ path: fileURLToPath(new URL("probe.js", import.meta.url)) });

/** Opens a page; again when the computer's network changed just then. */
async function visit(page, address) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.goto(address);
      return;
    } catch (error) {
      if (attempt >= 4 || !String(error).includes("ERR_NETWORK_CHANGED")) {
        throw error;
      }
    }
  }
}

/** Presses keys in the page's desktop and takes the times. */
async function round(address, tries) {
  const page = await context.newPage();
  await visit(page, address);
  const canvas = page.locator(".ngy-screen canvas");
  await canvas.waitFor({ timeout: 60_000 });
  await page.waitForTimeout(3000);
  await canvas.focus();
  const times = [];
  let lost = 0;
  for (let at = 0; at < tries + 5; at += 1) {
    await page.keyboard.press(at % 40 === 39 ? "Enter" : "x");
    await page.waitForTimeout(150 + Math.random() * 100);
    const took = await page.evaluate(() => window.keyToPixel.last);
    // The first ones warm up fonts, caches and decoders.
    if (at >= 5) {
      if (took === undefined) {
        lost += 1;
      } else {
        times.push(took);
      }
    }
  }
  // What was typed is no command: end the line.
  await page.keyboard.press("Control+c");
  await page.close();
  return { times, lost };
}

const login = await context.newPage();
await visit(login, url);
await login.locator("#login-user").fill(user);
await login.locator("#login-password").fill(password);
await login.keyboard.press("Enter");
await login.locator(".pf-v6-c-masthead").waitFor();
await login.close();

const found = { straight: [], nagaya: [] };
let lost = 0;
for (let at = 0; at < ROUNDS; at += 1) {
  for (const [key, address] of [["straight", plain.url], ["nagaya", `${url}/workspaces/${name}/desktop`]]) {
    const result = await round(address, Math.ceil(TRIES / ROUNDS));
    found[key].push(...result.times);
    lost += result.lost;
  }
}
await browser.close();
plain.close();

const at = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
const line = (label, values) =>
  console.log(`  ${label.padEnd(26)} median ${at(values, 0.5).toFixed(1).padStart(6)} ms   p95 ${at(values, 0.95).toFixed(1).padStart(6)} ms   n ${values.length}`);
console.log(`key press to changed pixel in Chromium, workspace ${name}`);
line("noVNC straight to the desktop", found.straight);
line("through Nagaya", found.nagaya);
const added = at(found.nagaya, 0.5) - at(found.straight, 0.5);
console.log(`  added ${added.toFixed(1)} ms (target: at most ${TARGET} ms)${lost > 0 ? `; ${lost} key presses changed nothing in time` : ""}`);
process.exit(0);
