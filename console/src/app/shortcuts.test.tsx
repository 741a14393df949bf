import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ADMIN, openConsole, type Server } from "./testing";

const server: Server = (_method, path) => (path === "me" ? { body: ADMIN } : undefined);

afterEach(() => vi.restoreAllMocks());

const press = (key: string) => fireEvent.keyDown(document.body, { key });

async function openSettings() {
  const { at } = await openConsole("/settings", server);
  await screen.findByRole("button", { name: "Keyboard shortcuts" });
  return at;
}

test("g and w lead to the workspaces, also in the page's first second", async () => {
  const at = await openSettings();
  const now = vi.spyOn(performance, "now").mockReturnValue(1_100);
  press("g");
  now.mockReturnValue(1_300);
  press("w");
  await waitFor(() => expect(at()).toBe("/workspaces"));
});

test("a w long after the g leads nowhere", async () => {
  const at = await openSettings();
  const now = vi.spyOn(performance, "now").mockReturnValue(5_000);
  press("g");
  now.mockReturnValue(7_000);
  press("w");
  expect(at()).toBe("/settings");
});

test("what is typed into an editor with a shadow root is text", async () => {
  const at = await openSettings();
  const holder = document.body.appendChild(document.createElement("div"));
  const editor = holder.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
  editor.className = "cm-editor";
  for (const key of ["g", "w"]) {
    editor.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
  }
  expect(at()).toBe("/settings");
  holder.remove();
});
