import type { Bundle, Cluster, Workspace } from "../../api/types";
import { needsSomebody } from "../bundles/logic";
import { isDeleted, phaseOf } from "../workspaces/logic";

/** Something a person should look at, and how many people it keeps from their work. */
export interface Problem {
  readonly kind: "cluster" | "workspace" | "bundle";
  readonly name: string;
  readonly people: number;
  readonly object: Cluster | Workspace | Bundle;
}

/** A start that takes longer than this is not normal. Milliseconds. */
const SLOW = 5 * 60_000;

export function clusterIsWrong(cluster: Cluster): boolean {
  const { phase = "Pending", intent } = cluster.status ?? {};
  return phase === "Degraded" || phase === "Unreachable" || (intent?.errors?.length ?? 0) > 0;
}

export function workspaceIsWrong(workspace: Workspace, now: number): boolean {
  const phase = phaseOf(workspace);
  if (phase === "Failed") {
    return true;
  }
  const since = workspace.status?.since;
  return (phase === "Pending" || phase === "Starting") && since !== undefined && now - Date.parse(since) > SLOW;
}

/** What is wrong now, with what keeps most people from working first. */
export function problems(
  clusters: readonly Cluster[],
  workspaces: readonly Workspace[],
  now: number,
  bundles: readonly Bundle[] = [],
): readonly Problem[] {
  const found: Problem[] = [];
  for (const cluster of clusters.filter(clusterIsWrong)) {
    const people = new Set(
      workspaces
        .filter((workspace) => workspace.spec.cluster === cluster.metadata.name && workspace.spec.state !== "Stopped" && !isDeleted(workspace))
        .map((workspace) => workspace.spec.owner),
    );
    found.push({ kind: "cluster", name: cluster.metadata.name, people: people.size, object: cluster });
  }
  for (const workspace of workspaces) {
    if (!isDeleted(workspace) && workspaceIsWrong(workspace, now)) {
      found.push({ kind: "workspace", name: workspace.metadata.name, people: 1, object: workspace });
    }
  }
  for (const bundle of bundles.filter(needsSomebody)) {
    found.push({ kind: "bundle", name: bundle.metadata.name, people: 0, object: bundle });
  }
  return found.toSorted((a, b) => b.people - a.people || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || (a.name < b.name ? -1 : 1));
}
