import { useQueries, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/errors";
import { readJson } from "../../api/stream";
import { AGAIN, kubernetesPath, readTable, type KubernetesMeta, type KubernetesTable } from "./kubernetes";

/** The kinds shown, in this order, and where each is found. */
export const WORKLOADS = {
  Deployment: "/apis/apps/v1/deployments",
  StatefulSet: "/apis/apps/v1/statefulsets",
  DaemonSet: "/apis/apps/v1/daemonsets",
  Pod: "/api/v1/pods",
} as const;
export type WorkloadKind = keyof typeof WORKLOADS;
export const KINDS = Object.keys(WORKLOADS) as WorkloadKind[];

/** One line of the table of workloads. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly created: string | undefined;
  /** `ready/wanted`, as kubectl prints it. */
  readonly ready: string;
  /** A pod's state in Kubernetes' own words. */
  readonly status: string;
  readonly restarts: string;
  readonly node: string;
  /** Whether it is as it should be: all ready, or a pod that has done its work. */
  readonly well: boolean;
}

/** Reads what kubectl would print of a kind. */
export function toWorkloads(kind: WorkloadKind, table: KubernetesTable): readonly Workload[] {
  const at = new Map(table.columnDefinitions.map(({ name }, index) => [name.toLowerCase(), index]));
  return (table.rows ?? []).map(({ cells, object: { metadata } }) => {
    const text = (column: string) => {
      const cell = cells[at.get(column) ?? -1];
      return cell === undefined || cell === null || cell === "<none>" ? "" : String(cell);
    };
    // A DaemonSet's numbers have columns of their own.
    const ready = kind === "DaemonSet" ? `${text("ready")}/${text("desired")}` : text("ready");
    const [are, wanted] = ready.split("/");
    const status = kind === "Pod" ? text("status") : "";
    return {
      kind,
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      created: metadata.creationTimestamp,
      ready,
      status,
      restarts: text("restarts"),
      node: text("node"),
      well: status === "Completed" || (are === wanted && (kind !== "Pod" || status === "Running")),
    };
  });
}

/** All workloads of a cluster, or of one namespace, read again while somebody looks at them. */
export function useWorkloads(cluster: string, namespace: string, enabled: boolean) {
  return useQueries({
    queries: KINDS.map((kind) => ({
      queryKey: ["kubernetes", cluster, kind, namespace],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const path = namespace === "" ? WORKLOADS[kind] : WORKLOADS[kind].replace(/\/(\w+)$/, `/namespaces/${encodeURIComponent(namespace)}/$1`);
        const table = await readTable(cluster, path, signal);
        return { rows: toWorkloads(kind, table), more: Boolean(table.metadata.continue) };
      },
      enabled,
      refetchInterval: AGAIN,
    })),
    combine: (answers) => ({
      rows: answers.every(({ data }) => data === undefined) ? undefined : answers.flatMap(({ data }) => data?.rows ?? []),
      more: KINDS.filter((_, index) => answers[index]?.data?.more),
      error: (answers.find(({ error }) => error)?.error ?? null) as ApiError | null,
      refetch: () => Promise.all(answers.map((answer) => answer.refetch())),
    }),
  });
}

interface Container {
  readonly name: string;
}

/** What is used of a Pod (core/v1). */
export interface Pod {
  readonly metadata: KubernetesMeta & { readonly uid: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly ephemeralContainers?: readonly Container[];
  };
  readonly status: { readonly phase: string; readonly podIP?: string };
}

/** The containers of a pod whose output can be read, the one meant first: the one that its annotation names for kubectl, or the first. */
export function containersOf({ metadata, spec }: Pod): readonly string[] {
  const names = [spec.containers, spec.ephemeralContainers, spec.initContainers].flatMap((some) => some?.map(({ name }) => name) ?? []);
  const { "kubectl.kubernetes.io/default-container": meant = "" } = (metadata as { annotations?: Record<string, string> }).annotations ?? {};
  return names.includes(meant) ? [meant, ...names.filter((name) => name !== meant)] : names;
}

export function usePod(cluster: string, namespace: string, name: string) {
  return useQuery<Pod, ApiError>({
    queryKey: ["kubernetes", cluster, "pod", namespace, name],
    queryFn: ({ signal }) => readJson<Pod>(kubernetesPath(cluster, podPath(namespace, name)), signal),
    refetchInterval: AGAIN,
  });
}

export const podPath = (namespace: string, name: string) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
