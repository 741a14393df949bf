import { expect, test } from "vitest";
import { extrasAsText, extrasFromText, objectsAsText, objectsFromText, pathOf, placeOf } from "./contents";

const OBJECTS = `# the first
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  labels:
    tier: 1
---
---
apiVersion: v1
kind: Secret
metadata: {name: b}
`;
const EXTRAS = `overrides:
  - clusters: tier=small
    patch:
      kind: Other
ignore:
  - fields: [.spec.replicas]
`;

test("a file for kubectl is read as its objects, without empty documents", () => {
  const { objects, faults } = objectsFromText(OBJECTS);
  expect(faults).toEqual([]);
  expect(objects.map(({ kind }) => kind)).toEqual(["ConfigMap", "Secret"]);
  expect(objectsFromText("").objects).toEqual([]);
  expect(objectsFromText("# nothing yet\n").objects).toEqual([]);
});

test("objects and extras go through the texts unchanged", () => {
  const { objects } = objectsFromText(OBJECTS);
  expect(objectsFromText(objectsAsText(objects)).objects).toEqual(objects);
  const { overrides, ignore } = extrasFromText(EXTRAS);
  expect(extrasFromText(extrasAsText({ overrides, ignore }))).toEqual({ overrides, ignore, faults: [] });
  expect(extrasAsText({ overrides: [], ignore: [] })).toBe("");
  expect(extrasFromText("")).toEqual({ faults: [] });
});

test("what is no YAML is told with its line", () => {
  expect(objectsFromText("a: 1\n---\nb: [1,\n").faults[0]?.line).toBeGreaterThanOrEqual(3);
  expect(objectsFromText("a: 1\na: 2\n").faults).toMatchObject([{ line: 2 }]);
  expect(extrasFromText("overrides: [\n").faults).toHaveLength(1);
});

test("a key that is neither overrides nor ignore is told", () => {
  expect(extrasFromText("overides: []").unknown).toBe("overides");
  expect(extrasFromText("- a").unknown).toBe("- a");
});

test("a field's path is cut as the server writes it", () => {
  expect(pathOf('spec.objects[12].metadata.annotations["a.b/c"].x')).toEqual(["spec", "objects", 12, "metadata", "annotations", "a.b/c", "x"]);
});

test.each([
  ["spec.objects[0].metadata.labels", "objects", 6],
  ["spec.objects[1].metadata.name", "objects", 12],
  ["spec.objects[1].spec.nothing", "objects", 10],
  ["spec.objects", "objects", 1],
  ["spec.overrides[0].patch.kind", "extras", 4],
  ["spec.overrides[0].clusters", "extras", 2],
  ["spec.ignore[0].fields[0]", "extras", 6],
] as const)("the server's finding at %s is shown in its line", (field, text, line) => {
  expect(placeOf(field, OBJECTS, EXTRAS)).toEqual({ text, line });
});

test("what is in neither text is the form's", () => {
  expect(placeOf("spec.groups[0]", OBJECTS, EXTRAS)).toBeUndefined();
  expect(placeOf("metadata.name", OBJECTS, EXTRAS)).toBeUndefined();
});
