import { expect, test } from "vitest";
import { createQueryClient, keepAnswered, objectKey, patchCache } from "./live";
import type { Workspace } from "./types";

const workspace = (name: string, revision: number, owner: string): Workspace => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name, resourceVersion: String(revision) },
  spec: { owner, team: "java", template: "java" },
});

test("a write's answer never hides what the stream told before the answer came", () => {
  const cache = createQueryClient();
  const held = (name: string) => cache.getQueryData<Workspace>(objectKey("workspaces", name))?.spec.owner;
  cache.setQueryData(objectKey("workspaces", "a"), workspace("a", 5, "dev-01"));

  keepAnswered(cache, "workspaces", workspace("a", 6, "dev-02"));
  expect(held("a")).toBe("dev-02");

  patchCache(cache, { type: "MODIFIED", object: workspace("a", 8, "dev-03") });
  keepAnswered(cache, "workspaces", workspace("a", 7, "dev-02"));
  expect(held("a")).toBe("dev-03");

  // Nor when no page held the object while the stream told of it.
  patchCache(cache, { type: "ADDED", object: workspace("b", 10, "dev-03") });
  keepAnswered(cache, "workspaces", workspace("b", 9, "dev-02"));
  expect(held("b")).toBe("dev-03");
});
