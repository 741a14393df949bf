import { expect, test } from "vitest";
import type { Bundle, Cluster, Group } from "../../api/types";
import { byCluster, byGroup, summarise } from "./fleet";
import { problems } from "./problems";

const cluster = (name: string, phase: NonNullable<Cluster["status"]>["phase"], version: string): Cluster => ({
  apiVersion: "",
  kind: "Cluster",
  metadata: { name },
  spec: {},
  status: {
    phase,
    kubernetesVersion: version,
    agent: { connected: true, version: "0.1.0" },
    nodes: [{ name: "n", ready: true, version, cpu: "1500m", memory: "2Gi", pods: 110 }],
    workspaces: { total: 5, running: 3 },
  },
});
const group = (name: string, ...clusters: string[]): Group => ({ apiVersion: "", kind: "Group", metadata: { name }, spec: { selector: "" }, status: { clusters } });
const bundle = (name: string, ...clusters: NonNullable<NonNullable<Bundle["status"]>["clusters"]>): Bundle => ({
  apiVersion: "",
  kind: "Bundle",
  metadata: { name },
  spec: { groups: [], objects: [] },
  status: { clusters },
});

const CLUSTERS = [cluster("a", "Ready", "v1.34.1"), cluster("b", "Degraded", "v1.34.1"), cluster("c", "Ready", "v1.9.0")];
const BUNDLES = [
  bundle("one", { cluster: "a", state: "Ready", drift: { count: 2, last: null } }, { cluster: "b", state: "Failed", message: "told" }),
  bundle("two", { cluster: "b", state: "Applying" }, { cluster: "c", state: "Waiting", drift: { count: 1, last: null } }),
];

test("clusters are counted with their capacity, versions and what bundles say of them", () => {
  expect(summarise(CLUSTERS, byCluster(BUNDLES))).toEqual({
    total: 3,
    phases: [
      ["Ready", 2],
      ["Degraded", 1],
    ],
    kubernetes: [
      ["v1.34.1", 2],
      ["v1.9.0", 1],
    ],
    agents: [["0.1.0", 3]],
    cpu: 4.5,
    memory: 6 * 1024 ** 3,
    pods: 330,
    workspaces: 9,
    drift: 3,
    unready: 2,
  });
});

test("each group has a line, and so have the clusters that are in none", () => {
  const lines = byGroup([group("java", "a", "b", "gone"), group("all", "a", "b")], CLUSTERS, byCluster(BUNDLES));
  expect(lines.map(({ group: name, total, unready, drift }) => [name, total, unready, drift])).toEqual([
    ["java", 2, 2, 2],
    ["all", 2, 2, 2],
    ["", 1, 0, 1],
  ]);
  expect(byGroup([group("every", "a", "b", "c")], CLUSTERS, byCluster([])).map(({ group: name }) => name)).toEqual(["every"]);
});

test("a bundle that fails somewhere is wrong, after what keeps people from work", () => {
  expect(problems([], [], 0, BUNDLES).map(({ kind, name }) => [kind, name])).toEqual([["bundle", "one"]]);
  const wrong = problems(CLUSTERS, [{ apiVersion: "", kind: "Workspace", metadata: { name: "w" }, spec: { owner: "dev-01", team: "t", template: "x" }, status: { phase: "Failed" } }], 0, BUNDLES);
  expect(wrong.map(({ kind }) => kind)).toEqual(["workspace", "bundle", "cluster"]);
});
