import { expect, test } from "vitest";
import { toNodeLine } from "./nodes";

test("a node's roles, state and troubles are read from what Kubernetes says", () => {
  const line = toNodeLine({
    metadata: { name: "n1", labels: { "node-role.kubernetes.io/control-plane": "", "kubernetes.io/os": "linux" } },
    spec: { unschedulable: true },
    status: {
      allocatable: { cpu: "2", memory: "3Gi", pods: "110" },
      conditions: [
        { type: "MemoryPressure", status: "True", message: "kubelet has insufficient memory" },
        { type: "DiskPressure", status: "False", message: "fine" },
        { type: "Ready", status: "Unknown", message: "Kubelet stopped posting node status." },
      ],
      nodeInfo: { kubeletVersion: "v1.34.0", osImage: "Debian" },
    },
  });
  expect(line).toMatchObject({ roles: "control-plane", ready: false, cordoned: true, version: "v1.34.0", system: "Debian", cpu: "2", memory: "3Gi", pods: "110" });
  expect(line.problems).toEqual(["Kubelet stopped posting node status.", "MemoryPressure: kubelet has insufficient memory"]);
});

test("a node that is ready and under no pressure has no trouble", () => {
  const line = toNodeLine({ metadata: { name: "n" }, spec: {}, status: { conditions: [{ type: "Ready", status: "True", message: "kubelet is posting ready status" }] } });
  expect(line).toMatchObject({ ready: true, cordoned: false, roles: "", problems: [] });
});
