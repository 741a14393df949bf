import { expect, test } from "vitest";
import { differenceOf, partOf, resourcesOf, without } from "./onCluster";

// The cases of crates/cli/src/commands/bundle/diff.rs.
test("only what the bundle speaks of is compared", () => {
  const wanted = { spec: { replicas: 1, list: [{ a: 1 }, { a: 2 }] }, data: { x: "1" } };
  const live = { spec: { replicas: 3, list: [{ a: 1, default: true }], more: 1 }, status: {} };
  const part = partOf(live, wanted);
  expect(part).toEqual({ spec: { replicas: 3, list: [{ a: 1 }] } });
  expect(without(part, [".spec.replicas", ".not.there"])).toEqual({ spec: { list: [{ a: 1 }] } });
});

test("kinds are found by what the cluster tells", () => {
  const resources = [
    { name: "deployments/scale", kind: "Scale", namespaced: true },
    { name: "deployments", kind: "Deployment", namespaced: true },
  ];
  expect([...resourcesOf({ resources })]).toEqual([["Deployment", { plural: "deployments", namespaced: true }]]);
});

test("fields that others own make no difference, and neither does what the cluster adds", () => {
  const wanted = {
    kind: "Deployment",
    metadata: { name: "web", annotations: { "nagaya.dev/ignore-fields": '.spec.replicas,.metadata.annotations["a.b/c"]', "a.b/c": "1" } },
    spec: { replicas: 1, paused: false },
  };
  const live = { ...wanted, metadata: { ...wanted.metadata, uid: "u", annotations: { ...wanted.metadata.annotations, "a.b/c": "2" } }, spec: { replicas: 5, paused: false } };
  expect(differenceOf(wanted, live)).toBeUndefined();
  expect(differenceOf(wanted, { ...live, spec: { paused: true } })).toMatchObject({ object: "Deployment web", has: { spec: { paused: true } }, wanted: { spec: { paused: false } } });
  expect(differenceOf(wanted, undefined)).toMatchObject({ has: undefined });
});
