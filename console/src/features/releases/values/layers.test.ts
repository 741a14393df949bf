import { expect, test } from "vitest";
import { belowRelease, changedDefaults, effective, laid, same, sourceOf, told, valueAt, type Layers } from "./layers";
import { isWithin, pathText, readPath } from "./paths";

const layers: Layers = [
  { layer: "chart", values: { replicas: 1, image: { tag: "1.0", pull: "Always" }, tolerations: [] } },
  { layer: "group java", values: { replicas: 2, image: { pull: "Always" } } },
  { layer: "cluster a", values: { image: { tag: "2.0" } } },
  { layer: "release", values: { replicas: 5 } },
];

test("maps are laid over each other, all else is replaced, null takes away", () => {
  expect(belowRelease(layers)).toEqual({ replicas: 2, image: { tag: "2.0", pull: "Always" }, tolerations: [] });
  expect(effective(layers).replicas).toBe(5);
  expect(laid({ a: { b: 1 }, c: [1] }, { a: null, c: [2] })).toEqual({ c: [2] });
  expect(laid({ a: 1 }, { a: { b: 2 } })).toEqual({ a: { b: 2 } });
});

test("a field says which layer it has its value from, and what that hides", () => {
  expect(sourceOf(layers, ["replicas"])).toEqual({
    layer: "release",
    hides: [
      { layer: "group java", value: 2 },
      { layer: "chart", value: 1 },
    ],
  });
  expect(sourceOf(layers, ["image", "tag"])).toEqual({ layer: "cluster a", hides: [{ layer: "chart", value: "1.0" }] });
  // Saying the same again hides nothing.
  expect(sourceOf(layers, ["image", "pull"])).toEqual({ layer: "group java", hides: [] });
  expect(sourceOf(layers, ["nowhere"])).toEqual({ layer: undefined, hides: [] });
  // What takes the whole map away speaks of what is in it too.
  expect(sourceOf([...layers, { layer: "last", values: { image: null } }], ["image", "tag"]).layer).toBe("last");
});

test("the layers between are put together from what the server tells", () => {
  const lines = [
    { path: "replicas", layer: "release", value: 5, hides: [{ layer: "group z", value: 2 }, { layer: "group a", value: 3 }] },
    { path: "nodeSelector.kubernetes\\.io/os", layer: "cluster b", value: "linux", hides: [] },
  ];
  expect(told({ replicas: 1 }, lines)).toEqual([
    { layer: "chart", values: { replicas: 1 } },
    { layer: "group a", values: { replicas: 3 } },
    { layer: "group z", values: { replicas: 2 } },
    { layer: "cluster b", values: { nodeSelector: { "kubernetes.io/os": "linux" } } },
  ]);
  expect(told({}, undefined)).toEqual([{ layer: "chart", values: {} }]);
});

test("a new version tells which defaults are others, and which of them are overridden", () => {
  const before = { replicas: 1, image: { tag: "1.0" }, old: true, same: [1] };
  const after = { replicas: 2, image: { tag: "2.0", digest: "" }, same: [1] };
  expect(changedDefaults(before, after, { replicas: 9 })).toEqual([
    { path: "replicas", change: "changed", before: 1, after: 2, overridden: true },
    { path: "image.tag", change: "changed", before: "1.0", after: "2.0", overridden: false },
    { path: "image.digest", change: "added", before: undefined, after: "", overridden: false },
    { path: "old", change: "removed", before: true, after: undefined, overridden: false },
  ]);
});

test("values are the same whatever the order of keys", () => {
  expect(same({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toBe(true);
  expect([same([1], [1, 2]), same({ a: undefined }, { b: undefined }), same(1, "1"), same(null, {})]).toEqual([false, false, false, false]);
});

test("paths are read as they are written, and as pointers", () => {
  for (const path of [["a", "b"], ["nodeSelector", "kubernetes.io/os"], ["a b", "c\\d.e"]]) {
    expect(readPath(pathText(path))).toEqual(path);
  }
  expect(readPath("/a/b~1c/0")).toEqual(["a", "b/c", "0"]);
  expect(readPath("hosts[0].paths")).toEqual(["hosts", "0", "paths"]);
  expect(isWithin(["a", "b"], ["a"]) && !isWithin(["ab"], ["a"])).toBe(true);
  expect(valueAt({ a: [{ b: 1 }] }, ["a", "0", "b"])).toBe(1);
});
