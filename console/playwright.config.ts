import { defineConfig } from "@playwright/test";

/**
 * These tests run against a real server: NAGAYA_URL, NAGAYA_USER and NAGAYA_PASSWORD say which and as whom (an administrator).
 * Certificate errors are never ignored: on one machine the server is plain http on loopback.
 */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // One server, one set of objects.
  workers: 1,
  fullyParallel: false,
  // A browser drops requests whenever a cluster's network is made on its own machine.
  retries: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.NAGAYA_URL ?? "http://127.0.0.1:8080",
    viewport: { width: 1280, height: 900 },
    actionTimeout: 30_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    ignoreHTTPSErrors: false,
    launchOptions: {
      executablePath: process.env.NAGAYA_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
