import { useQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/errors";
import { readJson } from "../../api/stream";

/* A cluster's own objects, read through its agent as the person who looks: what they may see the cluster's rules say. */

/** How often what is on the page is read again. Milliseconds. */
export const AGAIN = 10_000;
/** Objects of a kind read at once; of more, the page says that it shows a part. */
export const MOST = 1000;

export const kubernetesPath = (cluster: string, path: string) => `/api/v1alpha1/clusters/${encodeURIComponent(cluster)}/kubernetes${path}`;

/** What is used of `metadata`. */
export interface KubernetesMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A list as kubectl prints it (meta.k8s.io/v1 Table): small, and with the states that Kubernetes itself words. */
export interface KubernetesTable {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: { readonly metadata: KubernetesMeta } }[] | null;
  readonly metadata: { readonly continue?: string };
}
const AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const AS_NAMES = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

export const readTable = (cluster: string, path: string, signal: AbortSignal) =>
  readJson<KubernetesTable>(kubernetesPath(cluster, `${path}?limit=${MOST}`), signal, AS_TABLE);

/** The names of a cluster's namespaces. */
export function useNamespaces(cluster: string, enabled: boolean) {
  return useQuery<readonly string[], ApiError>({
    queryKey: ["kubernetes", cluster, "namespaces"],
    queryFn: async ({ signal }) => {
      const list = await readJson<{ items: { metadata: KubernetesMeta }[] }>(kubernetesPath(cluster, `/api/v1/namespaces?limit=${MOST}`), signal, AS_NAMES);
      return list.items.map(({ metadata }) => metadata.name);
    },
    enabled,
    staleTime: 60_000,
  });
}
