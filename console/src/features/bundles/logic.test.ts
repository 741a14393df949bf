import { expect, test } from "vitest";
import type { Bundle, BundleCluster, BundleVersion, Cluster, Group } from "../../api/types";
import { changes } from "./changes";
import { badWave, EMPTY_FORM, fromForm, isLimit, toForm, waveSizes } from "./form";
import { driftOf, needsSomebody, rolledBack, shown, tally } from "./logic";

const clusters: BundleCluster[] = [
  { cluster: "a", state: "Ready", version: 2, drift: { count: 3, last: { object: "ConfigMap x/y", manager: "kubectl-edit", at: "2026-01-01T00:00:00Z" } } },
  { cluster: "b", state: "Ready", version: 2 },
  { cluster: "c", state: "Conflict", version: 1 },
  { cluster: "d" },
];
const bundle: Bundle = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Bundle",
  metadata: { name: "base", resourceVersion: "7", labels: { of: "ops" }, annotations: { "nagaya.dev/message": "first", other: "x" } },
  spec: {
    groups: ["java"],
    each: "Team",
    objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1", script: "a\nb\n" } }],
    overrides: [{ clusters: "tier=small", target: { kind: "ConfigMap" }, patch: { data: { x: "2" } } as never }],
    ignore: [{ fields: [".data.y"] }],
    rollout: { maxUnready: "25%", waves: ["stage=canary", "tier in (a,b)"], paused: true },
  },
  status: { version: 2, clusters },
};

test("clusters are counted by state, what needs somebody first", () => {
  expect(tally(clusters)).toEqual([
    ["Conflict", 1],
    ["Waiting", 1],
    ["Ready", 2],
  ]);
  expect(driftOf(clusters)).toBe(3);
  expect(needsSomebody(bundle)).toBe(true);
  expect(needsSomebody({ ...bundle, status: { clusters: clusters.slice(0, 2) } })).toBe(false);
  expect(shown(clusters, "drift").map(({ cluster }) => cluster)).toEqual(["a"]);
  expect(shown(clusters, "Waiting").map(({ cluster }) => cluster)).toEqual(["d"]);
  expect(shown(clusters, "")).toHaveLength(4);
});

test("a bundle goes through the form unchanged, but for what was said about the last change", () => {
  const { status: _, ...own } = bundle;
  const back = JSON.parse(JSON.stringify(fromForm(toForm(bundle), bundle))) as Bundle;
  expect(back).toEqual({ ...own, metadata: { ...own.metadata, annotations: { other: "x" } } });
  expect(fromForm({ ...toForm(bundle), message: " second " }, bundle).metadata.annotations).toEqual({ other: "x", "nagaya.dev/message": "second" });
});

test("a limit is a number or a part, as the server takes it", () => {
  for (const good of ["", "1", "30", "1%", "25%", " 100% "]) {
    expect(isLimit(good), good).toBe(true);
  }
  for (const bad of ["0", "0%", "101%", "a", "-1", "1.5", "25 %", "%"]) {
    expect(isLimit(bad), bad).toBe(false);
  }
  expect(fromForm({ ...EMPTY_FORM, maxUnready: "3" }).spec.rollout?.maxUnready).toBe(3);
});

test("waves are told with how many clusters each has; what none selects is the last", () => {
  const groups: Group[] = [{ apiVersion: "", kind: "Group", metadata: { name: "java" }, spec: { selector: "team=java" } }];
  const cluster = (name: string, labels: Record<string, string>): Cluster => ({ apiVersion: "", kind: "Cluster", metadata: { name, labels }, spec: {} });
  const all = [
    cluster("a", { team: "java", stage: "canary", tier: "small" }),
    cluster("b", { team: "java", tier: "small" }),
    cluster("c", { team: "java" }),
    cluster("d", { stage: "canary" }),
  ];
  const form = { ...EMPTY_FORM, groups: ["java"], waves: "stage=canary\n\n tier=small " };
  expect(waveSizes(form, groups, all)).toEqual([1, 1, 1]);
  expect(waveSizes({ ...form, waves: "" }, groups, all)).toEqual([3]);
  expect(badWave(form)).toBeUndefined();
  expect(badWave({ ...form, waves: "stage=canary\na in b" })).toBe("a in b");
});

test("rolling back takes a version's content, and keeps groups, rollout and what the bundle is", () => {
  const version: BundleVersion = {
    apiVersion: "",
    kind: "BundleVersion",
    metadata: { name: "base-v1" },
    spec: { bundle: "base", uid: "u", version: 1, generation: 1, objects: [{ kind: "Secret" }] },
  };
  const back = JSON.parse(JSON.stringify(rolledBack(bundle, version, "Back to 1"))) as Bundle;
  expect(back.spec).toEqual({ groups: ["java"], rollout: bundle.spec.rollout, objects: [{ kind: "Secret" }] });
  expect(back.metadata).toMatchObject({ name: "base", resourceVersion: "7", labels: { of: "ops" }, annotations: { other: "x", "nagaya.dev/message": "Back to 1" } });
});

test("objects that came, went or became different are told", () => {
  const object = (kind: string, name: string, data: object, apiVersion = "v1") => ({ apiVersion, kind, metadata: { name, namespace: "n" }, data });
  const before = [object("ConfigMap", "a", { x: 1, y: [1, { z: 2 }] }), object("ConfigMap", "b", {}), object("Deployment", "w", {}, "apps/v1beta1")];
  const after = [object("ConfigMap", "a", { y: [1, { z: 2 }], x: 1 }), object("Secret", "b", {}), object("Deployment", "w", { r: 1 }, "apps/v1")];
  expect(changes(before, after)).toEqual([
    { object: "Secret n/b", what: "added" },
    { object: "Deployment n/w", what: "changed" },
    { object: "ConfigMap n/b", what: "removed" },
  ]);
  expect(changes(before, before)).toEqual([]);
});
