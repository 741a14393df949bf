import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running server; the browser then talks to one origin, as in production. */
const server = process.env.NAGAYA_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    // Every asset stays a file: the content security policy names no data: source but for images.
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 1024,
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ["/api", "/openapi.json", "/version", "/healthz"].map((path) => [
        path,
        { target: server, ws: true, changeOrigin: true, rewriteWsOrigin: true, headers: { origin: server } },
      ]),
    ),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // Only to end what hangs: the whole console is opened in many tests, and the machine may be building beside them.
    testTimeout: 120_000,
  },
});
