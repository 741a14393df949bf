import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, type Server } from "../app/testing";

const CREATED = { creationTimestamp: "2026-01-01T00:00:00Z", resourceVersion: "1", uid: "u" };
const OBJECTS = {
  clusters: { kind: "Cluster", spec: { provider: "local", local: { cpu: "1", memory: "3Gi" } }, status: { phase: "Ready", nodes: [{ name: "node-1", ready: true, version: "v1", cpu: "1", memory: "3Gi", pods: 7 }] } },
  groups: { kind: "Group", spec: { selector: "tier=small" }, status: { clusters: ["one"] } },
  bundles: {
    kind: "Bundle",
    spec: { groups: ["small"], objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "web" } }] },
    status: { version: 2, clusters: [{ cluster: "one", state: "Conflict", version: 2, message: "told by the server" }] },
  },
  teams: { kind: "Team", spec: { cluster: "one", displayName: "The one team", members: [{ user: "dev-01", role: "member" }] } },
  templates: { kind: "Template", spec: { displayName: "The one kind", image: "base", resources: { cpu: "1", memory: "1Gi" }, homeSize: "1Gi" } },
  workspaces: { kind: "Workspace", spec: { owner: "dev-01", team: "one", template: "one", state: "Running" }, status: { phase: "Running" } },
} as const;
type Noun = keyof typeof OBJECTS;

/** A server with one object of each kind, all named "one", and what was deleted of them. */
function server(): { readonly answer: Server; readonly deleted: string[] } {
  const deleted: string[] = [];
  const answer: Server = (method, path) => {
    if (path === "me") {
      return { body: ADMIN };
    }
    const [plural = "", name] = path.split("/");
    const known = OBJECTS[plural as Noun] as object | undefined;
    if (method === "DELETE") {
      deleted.push(path);
      return { body: {} };
    }
    const object = known && { apiVersion: "nagaya.dev/v1alpha1", metadata: { name: "one", ...CREATED }, ...known };
    return object && { body: name ? object : { metadata: { resourceVersion: "1" }, items: [object] } };
  };
  return { answer, deleted };
}

test.each<[Noun, string]>([
  ["clusters", "node-1"],
  ["groups", "tier=small"],
  ["bundles", "told by the server"],
  ["teams", "dev-01"],
  ["templates", "base"],
  ["workspaces", "dev-01"],
])("the list of %s leads to the object's page with its YAML, and says when nothing matches", async (plural, told) => {
  const { at } = await openConsole(`/${plural}`, server().answer);
  const search = await screen.findByPlaceholderText(/Search by/, {}, { timeout: 5000 });
  const link = await screen.findByRole("link", { name: "one" });
  fireEvent.change(search, { target: { value: "no such thing" } });
  expect(await screen.findByText("Nothing matches")).toBeDefined();
  fireEvent.change(search, { target: { value: "ON" } });
  await waitFor(() => expect(at()).toBe(`/${plural}?q=ON`));
  expect(link.getAttribute("href")).toBe(`/${plural}/one`);
  fireEvent.click(await screen.findByRole("link", { name: "one" }));
  const tabs = await screen.findByRole("navigation", { name: "one" }, { timeout: 5000 });
  expect((await screen.findAllByText(told)).length).toBeGreaterThan(0);
  expect(within(tabs).getByRole("link", { name: "YAML" }).getAttribute("href")).toBe(`/${plural}/one/yaml`);
});

test.each<[Noun, boolean]>([
  ["clusters", true],
  ["groups", false],
  ["bundles", true],
  ["teams", false],
  ["templates", false],
])("deleting one of the %s asks first, then leads to the list", async (plural, typed) => {
  const { answer, deleted } = server();
  const { at } = await openConsole(`/${plural}/one`, answer);
  fireEvent.click(await screen.findByRole("button", { name: "Delete" }, { timeout: 5000 }));
  const dialog = await screen.findByRole("dialog");
  const go = within(dialog).getByRole("button", { name: "Delete" });
  if (typed) {
    expect(go).toHaveProperty("disabled", true);
    fireEvent.change(within(dialog).getByRole("textbox"), { target: { value: "one" } });
  }
  expect(deleted).toEqual([]);
  fireEvent.click(go);
  await waitFor(() => expect(at()).toBe(`/${plural}`));
  expect(deleted).toEqual([`${plural}/one`]);
});
