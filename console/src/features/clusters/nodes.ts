import { useQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/errors";
import { readJson } from "../../api/stream";
import { AGAIN, kubernetesPath, MOST, type KubernetesMeta } from "./kubernetes";

/** What is used of a Node (core/v1). */
export interface KubernetesNode {
  readonly metadata: KubernetesMeta;
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[] };
  readonly status: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
    readonly nodeInfo?: { readonly kubeletVersion?: string; readonly osImage?: string; readonly kernelVersion?: string; readonly containerRuntimeVersion?: string };
  };
}

/** One line of the table of nodes. */
export interface NodeLine {
  readonly name: string;
  readonly roles: string;
  readonly ready: boolean;
  /** Whether new pods may come to it. */
  readonly cordoned: boolean;
  readonly version: string;
  readonly system: string;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  /** Pressures and other troubles in Kubernetes' words; why it is not ready. */
  readonly problems: readonly string[];
  readonly created: string | undefined;
}

const ROLE = "node-role.kubernetes.io/";

/** A node as the console shows it. */
export function toNodeLine({ metadata, spec, status }: KubernetesNode): NodeLine {
  const conditions = status.conditions ?? [];
  const ready = conditions.find(({ type }) => type === "Ready");
  const { cpu = "", memory = "", pods = "" } = status.allocatable ?? {};
  const info = status.nodeInfo ?? {};
  return {
    name: metadata.name,
    roles: Object.keys(metadata.labels ?? {})
      .filter((key) => key.startsWith(ROLE))
      .map((key) => key.slice(ROLE.length))
      .join(", "),
    ready: ready?.status === "True",
    cordoned: spec.unschedulable === true,
    version: info.kubeletVersion ?? "",
    system: [info.osImage, info.kernelVersion, info.containerRuntimeVersion].filter(Boolean).join(", "),
    cpu,
    memory,
    pods,
    problems: [
      ...(ready?.status === "True" || !ready?.message ? [] : [ready.message]),
      ...conditions.filter(({ type, status: holds }) => type !== "Ready" && holds === "True").map(({ type, message }) => (message ? `${type}: ${message}` : type)),
    ],
    created: metadata.creationTimestamp,
  };
}

export function useNodes(cluster: string, enabled: boolean) {
  return useQuery<readonly NodeLine[], ApiError>({
    queryKey: ["kubernetes", cluster, "nodes"],
    queryFn: async ({ signal }) => {
      const list = await readJson<{ items: KubernetesNode[] }>(kubernetesPath(cluster, `/api/v1/nodes?limit=${MOST}`), signal);
      return list.items.map(toNodeLine);
    },
    enabled,
    refetchInterval: AGAIN,
  });
}
