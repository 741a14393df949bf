import type { Bundle, BundleCluster, BundleState, BundleVersion } from "../../api/types";

/** The states of a bundle on a cluster, what needs somebody first. */
export const STATES = ["Failed", "Conflict", "NotReady", "Unreachable", "Applying", "Waiting", "Ready"] as const satisfies readonly BundleState[];

/** What was said about a change, kept with the version it makes. */
export const MESSAGE = "nagaya.dev/message";

export const isPaused = (bundle: Bundle) => bundle.spec.rollout?.paused === true;

export const clustersOf = (bundle: Bundle): readonly BundleCluster[] => bundle.status?.clusters ?? [];

/** How many clusters are in each state that any is in, what needs somebody first. */
export function tally(clusters: readonly BundleCluster[]): readonly (readonly [BundleState, number])[] {
  const by = Map.groupBy(clusters, stateOf);
  return STATES.filter((state) => by.has(state)).map((state) => [state, by.get(state)?.length ?? 0] as const);
}

export const stateOf = (cluster: BundleCluster): BundleState => cluster.state ?? "Waiting";

/** How often something was undone that others had changed. */
export const driftOf = (clusters: readonly BundleCluster[]) => clusters.reduce((sum, { drift }) => sum + (drift?.count ?? 0), 0);

/** The clusters where a person should look: something is refused, in conflict or not ready there. */
export const wrongOf = (bundle: Bundle) => clustersOf(bundle).filter((cluster) => ["Failed", "Conflict", "NotReady"].includes(stateOf(cluster)));

export const needsSomebody = (bundle: Bundle) => wrongOf(bundle).length > 0;

/** Names of a bundle's clusters whose state or drift is such, for the filter of the table. */
export function shown(clusters: readonly BundleCluster[], filter: string): readonly BundleCluster[] {
  if (filter === "drift") {
    return clusters.filter(({ drift }) => (drift?.count ?? 0) > 0);
  }
  return filter === "" ? clusters : clusters.filter((cluster) => stateOf(cluster) === filter);
}

/** The bundle as it was in a version: its content anew, its groups and rollout as they are. */
export function rolledBack(bundle: Bundle, { spec }: BundleVersion, message: string): Bundle {
  const { each, objects, overrides, ignore } = spec;
  const { groups, rollout } = bundle.spec;
  return {
    ...bundle,
    metadata: { ...bundle.metadata, annotations: { ...bundle.metadata.annotations, [MESSAGE]: message } },
    spec: { groups, rollout, each, objects, overrides, ignore },
  };
}

/** What a version holds, without what only numbers it: what two versions are compared by. */
export function contentOf({ spec }: BundleVersion): object {
  const { each = "Cluster", objects, overrides, ignore } = spec;
  return { ...(each === "Cluster" ? {} : { each }), objects, ...(overrides?.length ? { overrides } : {}), ...(ignore?.length ? { ignore } : {}) };
}
