import type { Bundle, Cluster, ClusterPhase, Group } from "../../api/types";
import { clustersOf, stateOf } from "../bundles/logic";
import { quantity } from "../../ui/quantity";

/** What bundles say of one cluster. */
interface OfBundles {
  /** How often something was put back there. */
  drift: number;
  /** Bundles that are not ready there though their turn has come. */
  unready: number;
}

/** Some clusters counted: the fleet, or a group of it. */
export interface Summary {
  readonly total: number;
  /** How many are in each phase that any is in, those that are well first. */
  readonly phases: readonly (readonly [ClusterPhase, number])[];
  /** Versions with how many clusters have each, the most common first. */
  readonly kubernetes: readonly (readonly [string, number])[];
  readonly agents: readonly (readonly [string, number])[];
  /** What pods may use on all nodes together: CPUs, bytes, and how many pods there may be. */
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly workspaces: number;
  readonly drift: number;
  readonly unready: number;
}

export interface GroupSummary extends Summary {
  /** Name of the group; of clusters that are in none, empty. */
  readonly group: string;
}

const PHASES: readonly ClusterPhase[] = ["Ready", "Degraded", "Unreachable", "Starting", "Pending", "Stopping", "Stopped", "Deleting"];

/** What bundles say, by the name of the cluster. */
export function byCluster(bundles: readonly Bundle[]): ReadonlyMap<string, OfBundles> {
  const found = new Map<string, OfBundles>();
  for (const line of bundles.flatMap(clustersOf)) {
    const state = stateOf(line);
    const of = found.get(line.cluster ?? "") ?? { drift: 0, unready: 0 };
    found.set(line.cluster ?? "", {
      drift: of.drift + (line.drift?.count ?? 0),
      unready: of.unready + (state === "Ready" || state === "Waiting" ? 0 : 1),
    });
  }
  return found;
}

function counted(values: readonly (string | undefined)[]): readonly (readonly [string, number])[] {
  const known = values.filter((value): value is string => value !== undefined && value !== "");
  return [...Map.groupBy(known, (value) => value)]
    .map(([value, of]) => [value, of.length] as const)
    .toSorted(([a, m], [b, n]) => n - m || b.localeCompare(a, "en", { numeric: true }));
}

const sum = (numbers: readonly (number | undefined)[]) => numbers.reduce<number>((total, number) => total + (number ?? 0), 0);

/** Counts clusters, with what bundles say of them. */
export function summarise(clusters: readonly Cluster[], bundles: ReadonlyMap<string, OfBundles>): Summary {
  const phases = Map.groupBy(clusters, ({ status }) => status?.phase ?? "Pending");
  const nodes = clusters.flatMap(({ status }) => status?.nodes ?? []);
  const ofBundles = clusters.map(({ metadata }) => bundles.get(metadata.name));
  return {
    total: clusters.length,
    phases: PHASES.flatMap((phase) => (phases.has(phase) ? [[phase, phases.get(phase)?.length ?? 0] as const] : [])),
    kubernetes: counted(clusters.map(({ status }) => status?.kubernetesVersion)),
    agents: counted(clusters.map(({ status }) => status?.agent?.version)),
    cpu: sum(nodes.map(({ cpu }) => quantity(cpu))),
    memory: sum(nodes.map(({ memory }) => quantity(memory))),
    pods: sum(nodes.map(({ pods }) => pods)),
    workspaces: sum(clusters.map(({ status }) => status?.workspaces?.running)),
    drift: sum(ofBundles.map((of) => of?.drift)),
    unready: sum(ofBundles.map((of) => of?.unready)),
  };
}

/** One line for each group, and one for the clusters that are in none, if there are any. A cluster may be in several groups. */
export function byGroup(groups: readonly Group[], clusters: readonly Cluster[], bundles: ReadonlyMap<string, OfBundles>): readonly GroupSummary[] {
  const named = new Map(clusters.map((cluster) => [cluster.metadata.name, cluster]));
  const rest = new Set(clusters);
  const lines = groups.map(({ metadata, status }) => {
    const own = (status?.clusters ?? []).flatMap((name) => named.get(name) ?? []);
    for (const cluster of own) {
      rest.delete(cluster);
    }
    return { group: metadata.name, ...summarise(own, bundles) };
  });
  return rest.size === 0 ? lines : [...lines, { group: "", ...summarise([...rest], bundles) }];
}
