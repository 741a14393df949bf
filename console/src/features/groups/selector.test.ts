import { expect, test } from "vitest";
import type { Cluster } from "../../api/types";
import { labelsInUse, selected } from "./logic";
import { parseSelector } from "./selector";

const labels = { team: "java", tier: "a" };

// The cases of crates/api/src/selector.rs.
test.each(["", "team=java", "team==java,tier in (a, b)", "tier notin (c)", "team", "!legacy", "x!=y", "x notin (y)"])("%j selects", (text) => {
  expect(parseSelector(text)?.(labels)).toBe(true);
});
test.each(["team=python", "tier in (b)", "tier notin (a)", "legacy", "!team", "team!=java"])("%j does not select", (text) => {
  expect(parseSelector(text)?.(labels)).toBe(false);
});
test.each(["=x", "a in b", "a=b c", "(", "a,,b"])("%j is no selector", (text) => {
  expect(parseSelector(text)).toBeUndefined();
});

test("what every object inherits is no label", () => {
  expect(parseSelector("constructor")?.({})).toBe(false);
  expect(parseSelector("toString=")?.({})).toBe(false);
});

const cluster = (name: string, own: Record<string, string> = {}): Cluster => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Cluster",
  metadata: { name, labels: own },
  spec: { provider: "import" },
});

test("clusters are selected by their labels and by their names", () => {
  const all = [cluster("java", { tier: "small" }), cluster("ci", { tier: "large" }), cluster("bare")];
  const names = (text: string) => selected(text, all)?.map(({ metadata }) => metadata.name);
  expect(names("tier")).toEqual(["java", "ci"]);
  expect(names("nagaya.dev/cluster in (ci, bare)")).toEqual(["ci", "bare"]);
  expect(names("")).toEqual(["java", "ci", "bare"]);
  expect(names("a in b")).toBeUndefined();
});

test("labels in use are told with how many clusters carry them, the most used first", () => {
  const all = [cluster("a", { tier: "small", stage: "canary" }), cluster("b", { tier: "small" }), cluster("c", { tier: "large" })];
  expect(labelsInUse(all)).toEqual([
    ["tier=small", 2],
    ["stage=canary", 1],
    ["tier=large", 1],
  ]);
});
