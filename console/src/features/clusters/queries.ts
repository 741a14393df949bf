import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { listKey, objectKey } from "../../api/live";
import { readJson } from "../../api/stream";
import type { Cluster, EventLine } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";
import { AGAIN, kubernetesPath } from "./kubernetes";

export const canStart = (cluster: Cluster) => cluster.spec.local?.power === "Stopped";
export const canStop = (cluster: Cluster) => cluster.spec.local !== undefined && cluster.spec.local.power !== "Stopped";

export function useClusterPower() {
  const cache = useQueryClient();
  const { t } = useT();
  return useMutation<unknown, ApiError, { readonly name: string; readonly verb: "start" | "stop" }>({
    mutationFn: ({ name, verb }) =>
      answer(client.POST(`/api/v1alpha1/clusters/{name}/${verb}` as "/api/v1alpha1/clusters/{name}/start", { params: { path: { name } } })),
    onSuccess: (_, { name, verb }) => {
      tell(t(`clusters:requested.${verb}`, { name }));
      void cache.invalidateQueries({ queryKey: listKey("clusters") });
      void cache.invalidateQueries({ queryKey: objectKey("clusters", name) });
    },
    onError: (error, { name, verb }) => tellFailure(t(`workspaces:failed.${verb}`, { name }), error),
  });
}

/** What is used of a Kubernetes Event (core/v1). */
interface KubernetesEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly eventTime?: string | null;
  readonly lastTimestamp?: string | null;
  readonly metadata: { readonly creationTimestamp?: string; readonly namespace?: string };
  readonly involvedObject: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

/** A Kubernetes event as the console shows it. Old and new writers fill different fields (series and eventTime, or count and lastTimestamp). */
export function toEventLine(event: KubernetesEvent): EventLine {
  const { involvedObject: about } = event;
  return {
    at: event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "",
    type: event.type ?? "Normal",
    reason: event.reason ?? "",
    object: [about.kind, [about.namespace, about.name].filter(Boolean).join("/")].filter(Boolean).join(" "),
    message: event.message ?? "",
    count: event.series?.count ?? event.count ?? 1,
  };
}

/** The latest events of the cluster, or of one of its pods, read through its agent while somebody looks at them. */
export function useClusterEvents(cluster: string, enabled: boolean, pod?: { readonly namespace: string; readonly name: string }) {
  return useQuery<readonly EventLine[], ApiError>({
    queryKey: ["kubernetes", cluster, "events", pod?.namespace, pod?.name],
    queryFn: async ({ signal }) => {
      const where = pod
        ? `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/events?limit=500&fieldSelector=${encodeURIComponent(`involvedObject.name=${pod.name}`)}`
        : "/api/v1/events?limit=500";
      const list = await readJson<{ items: KubernetesEvent[] }>(kubernetesPath(cluster, where), signal);
      return list.items.map(toEventLine).toSorted((a, b) => (a.at < b.at ? 1 : -1));
    },
    enabled,
    refetchInterval: AGAIN,
  });
}
