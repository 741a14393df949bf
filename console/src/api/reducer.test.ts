import { describe, expect, test } from "vitest";
import { applyToList, applyToObject, RecentEvents } from "./reducer";
import type { ObjectList, WatchEvent, Workspace } from "./types";

const workspace = (name: string, revision: number, owner = "dev-01"): Workspace => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name, resourceVersion: String(revision) },
  spec: { owner, team: "java", template: "java" },
});
const list = (revision: number, ...items: Workspace[]): ObjectList<Workspace> => ({ metadata: { resourceVersion: String(revision) }, items });
const event = (type: WatchEvent["type"], object: Workspace): WatchEvent => ({ type, object });

describe("a list under a stream of changes", () => {
  test("takes what is new, in the order of names", () => {
    const after = applyToList(list(10, workspace("a", 3), workspace("c", 4)), event("ADDED", workspace("b", 11)));
    expect(after.items.map((item) => item.metadata.name)).toEqual(["a", "b", "c"]);
  });

  test("takes a change and keeps its place", () => {
    const after = applyToList(list(10, workspace("a", 3), workspace("b", 4)), event("MODIFIED", workspace("a", 12, "dev-02")));
    expect(after.items.map((item) => item.spec.owner)).toEqual(["dev-02", "dev-01"]);
  });

  test("is the same list when the event is older than what it holds, or the same", () => {
    const before = list(10, workspace("a", 9));
    expect(applyToList(before, event("MODIFIED", workspace("a", 8, "dev-02")))).toBe(before);
    expect(applyToList(before, event("MODIFIED", workspace("a", 9, "dev-02")))).toBe(before);
    expect(applyToList(before, event("DELETED", workspace("a", 8)))).toBe(before);
  });

  test("does not bring back what was gone before the list was read", () => {
    const before = list(10, workspace("a", 3));
    expect(applyToList(before, event("ADDED", workspace("gone", 7)))).toBe(before);
  });

  test("lets go what was deleted, also at the revision it holds", () => {
    expect(applyToList(list(10, workspace("a", 9)), event("DELETED", workspace("a", 9))).items).toEqual([]);
    expect(applyToList(list(10, workspace("a", 9)), event("DELETED", workspace("a", 11))).items).toEqual([]);
  });

  test("compares revisions as numbers, not as text", () => {
    const after = applyToList(list(9, workspace("a", 9)), event("MODIFIED", workspace("a", 10, "dev-02")));
    expect(after.items[0]?.spec.owner).toBe("dev-02");
  });

  test("lets go what no longer belongs to it", () => {
    const belongs = (object: { spec: object }) => "owner" in object.spec && object.spec.owner === "dev-01";
    expect(applyToList(list(10, workspace("a", 9)), event("MODIFIED", workspace("a", 11, "dev-02")), belongs).items).toEqual([]);
  });
});

test("a held object takes later changes only, and is gone when deleted", () => {
  const held = workspace("a", 9);
  expect(applyToObject(held, event("MODIFIED", workspace("a", 8)))).toBe(held);
  expect(applyToObject(held, event("MODIFIED", workspace("a", 10, "dev-02")))?.spec.owner).toBe("dev-02");
  expect(applyToObject(held, event("DELETED", workspace("a", 10)))).toBeUndefined();
});

test("an answer that was under way while events came is brought up to date", () => {
  const recent = new RecentEvents();
  recent.add(event("MODIFIED", workspace("a", 12, "dev-02")));
  recent.add(event("DELETED", workspace("b", 13)));
  const after = recent.catchUpList("Workspace", list(10, workspace("a", 5), workspace("b", 6)));
  expect(after.items.map((item) => item.spec.owner)).toEqual(["dev-02"]);
});

test("what is remembered of events is bounded", () => {
  const recent = new RecentEvents(2);
  for (const name of ["a", "b", "c"]) {
    recent.add(event("ADDED", workspace(name, 20)));
  }
  expect(recent.catchUpList("Workspace", list(10)).items.map((item) => item.metadata.name)).toEqual(["b", "c"]);
});
