import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, render } from "@testing-library/react";
import { createMemoryRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { afterEach, vi } from "vitest";
import { createQueryClient } from "../api/live";
import type { Me, Status } from "../api/types";
import { setUpLanguage, type Language } from "./i18n";
import { routes } from "./routes";

/** What a test's server answers with. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
}
export type Server = (method: string, path: string, body: unknown) => Reply | undefined;

export const ADMIN: Me = { name: "admin", admin: true, mustChangePassword: false, teams: [] };

export const refusal = (code: number, reason: string, details?: Status["details"]): Reply => ({
  status: code,
  body: { code, reason, message: `refused: ${reason}`, details },
});

// A page's parts are fetched when they are asked for, which on a busy machine takes longer than the second given otherwise.
configure({ asyncUtilTimeout: 20_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Opens the whole console at an address, before a server of the test's own; what that does not answer is an empty list. */
export async function openConsole(address: string, server: Server, language: Language = "en") {
  await setUpLanguage(language);
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const path = pathname.replace("/api/v1alpha1/", "");
    // What a deletion is told beside the name is all there is of it.
    asked.push(`${request.method} ${path}${request.method === "DELETE" ? search : ""}`);
    if (path === "watch") {
      // Open and silent until the page goes.
      return new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
    }
    const text = await request.text();
    const { status = 200, body = { metadata: { resourceVersion: "1" }, items: [] } } =
      server(request.method, path, text === "" ? undefined : (JSON.parse(text) as unknown)) ?? {};
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  render(
    <QueryClientProvider client={createQueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { asked, at: () => `${router.state.location.pathname}${router.state.location.search}` };
}
