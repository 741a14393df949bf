import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";
import { namesIn, pageOf, stateOf } from "./logic";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const META = { annotations: { "nagaya.dev/source": "fleet", "nagaya.dev/commit": COMMIT }, resourceVersion: "1" };
const GROUP = { apiVersion: "nagaya.dev/v1alpha1", kind: "Group", metadata: { name: "java", ...META }, spec: { selector: "lang=java" } };
const FAULT = { file: "live/b.yaml", line: 7, object: "Group/third", field: "spec.selector", message: "is none", mend: "write one" };
const SOURCE = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Source",
  metadata: { name: "fleet", resourceVersion: "1" },
  spec: { url: "https://git.example.com/fleet.git", ref: "main", path: "live", intervalSeconds: 60, prune: true, suspended: false },
  status: {
    commit: COMMIT,
    failedCommit: "fedcba9876543210",
    objects: [{ kind: "Group", name: "java", uid: "u", commit: COMMIT, made: true }],
    errors: [FAULT],
    conditions: [{ type: "Ready", status: false, reason: "NotApplied", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" }],
  },
};

const server: Server = (method, path) => {
  if (path === "me") {
    return { body: ADMIN };
  }
  if (path === "sources/fleet/diff") {
    return { body: { commit: COMMIT, changes: [], errors: [] } };
  }
  if (path === "sources/fleet" || path === "sources/fleet/sync") {
    return { body: SOURCE };
  }
  return path === "groups/java" && method === "GET" ? { body: GROUP } : undefined;
};

test("a source's page tells its commit, objects and what keeps the newest commit out, and has it looked at now", async () => {
  const { asked } = await openConsole("/sources/fleet", server);
  await screen.findByText("Nothing of commit fedcba987654 was applied", { exact: false }, { timeout: 5000 });
  expect(screen.getByText("live/b.yaml:7")).toBeDefined();
  expect(screen.getByText("Not in sync")).toBeDefined();
  expect(screen.getByRole("link", { name: "java" }).getAttribute("href")).toBe("/groups/java");
  fireEvent.click(screen.getByRole("button", { name: "Sync now" }));
  await waitFor(() => expect(asked).toContain("POST sources/fleet/sync"));
});

test("the difference says when there is none", async () => {
  await openConsole("/sources/fleet/difference", server);
  expect(await screen.findByText("Everything is as commit 0123456789ab says", { exact: false }, { timeout: 5000 })).toBeDefined();
});

test("an object says where it comes from, and is deleted here only by saying so", async () => {
  const { asked } = await openConsole("/groups/java", (method, path, body) => {
    if (method !== "DELETE") {
      return server(method, path, body);
    }
    const said = asked.at(-1)?.endsWith("?override=source") === true;
    const cause = { field: "metadata.name", message: "is set by source fleet", mend: "", reason: "SourceOwned" };
    return said ? { body: {} } : refusal(409, "SourceOwned", { causes: [cause] } as never);
  });
  await screen.findByText("Comes from source fleet, commit 0123456789ab", { exact: false }, { timeout: 5000 });
  fireEvent.click(screen.getByRole("button", { name: "Delete" }));
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  const yes = await screen.findByRole("button", { name: "Change it here", hidden: true });
  expect(asked).not.toContain("DELETE groups/java?override=source");
  expect(screen.getByText("is set by source fleet")).toBeDefined();
  fireEvent.click(yes);
  await waitFor(() => expect(asked).toContain("DELETE groups/java?override=source"));
});

test("a suspended source is that before all else, and one that nobody looked at is neither well nor ill", () => {
  const source = { ...SOURCE, kind: "Source" } as never as Parameters<typeof stateOf>[0];
  expect(stateOf(source)).toBe("Failed");
  expect(stateOf({ ...source, spec: { ...source.spec, suspended: true } })).toBe("Suspended");
  expect(stateOf({ ...source, status: {} })).toBe("Pending");
});

test("names are parted by commas and spaces, and kinds without a page lead nowhere", () => {
  expect(namesIn(" a, b  c,")).toEqual(["a", "b", "c"]);
  expect([pageOf("Group", "java"), pageOf("User", "x")]).toEqual(["/groups/java", undefined]);
});
