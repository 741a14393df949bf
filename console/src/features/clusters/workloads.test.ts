import { expect, test } from "vitest";
import type { KubernetesTable } from "./kubernetes";
import { containersOf, toWorkloads, type Pod } from "./workloads";

function table(columns: readonly string[], ...rows: readonly (readonly unknown[])[]): KubernetesTable {
  return {
    columnDefinitions: columns.map((name) => ({ name })),
    rows: rows.map((cells) => ({ cells, object: { metadata: { name: String(cells[0]), namespace: "web", creationTimestamp: "2026-01-01T00:00:00Z" } } })),
    metadata: {},
  };
}
const POD = ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node"];

test("pods are told as kubectl prints them, and which are not well", () => {
  const rows = toWorkloads(
    "Pod",
    table(
      POD,
      ["a", "2/2", "Running", "3 (5m ago)", "1d", "10.0.0.1", "node-1"],
      ["b", "1/2", "Running", 0, "1d", "<none>", "node-1"],
      ["c", "0/1", "CrashLoopBackOff", 12, "1d", null, "<none>"],
      ["d", "0/1", "Completed", 0, "1d", null, "node-1"],
      ["e", "0/0", "Pending", 0, "1d", null, null],
    ),
  );
  expect(rows[0]).toMatchObject({ kind: "Pod", namespace: "web", name: "a", ready: "2/2", status: "Running", restarts: "3 (5m ago)", node: "node-1" });
  expect(rows.map(({ well }) => well)).toEqual([true, false, false, true, false]);
  expect(rows[2]?.node).toBe("");
});

test("what keeps pods is well when all of them are ready", () => {
  expect(toWorkloads("Deployment", table(["Name", "Ready", "Up-to-date", "Available"], ["a", "1/2", 2, 1], ["b", "0/0", 0, 0])).map(({ well }) => well)).toEqual([
    false,
    true,
  ]);
  const [daemon] = toWorkloads("DaemonSet", table(["Name", "Desired", "Current", "Ready"], ["a", 3, 3, 2]));
  expect(daemon).toMatchObject({ ready: "2/3", well: false, status: "" });
  expect(toWorkloads("StatefulSet", { ...table(["Name", "Ready"]), rows: null })).toEqual([]);
});

test("the container that kubectl would take comes first", () => {
  const pod: Pod = {
    metadata: { name: "a", uid: "u" },
    spec: { containers: [{ name: "proxy" }, { name: "web" }], initContainers: [{ name: "init" }] },
    status: { phase: "Running" },
  };
  expect(containersOf(pod)).toEqual(["proxy", "web", "init"]);
  const marked = { ...pod, metadata: { ...pod.metadata, annotations: { "kubectl.kubernetes.io/default-container": "web" } } };
  expect(containersOf(marked)).toEqual(["web", "proxy", "init"]);
});
