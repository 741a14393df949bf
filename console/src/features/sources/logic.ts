import type { Source } from "../../api/types";

export type SourceState = "Suspended" | "Pending" | "Synced" | "Failed";

/** How a Source does: one that people suspended is that before all else. */
export function stateOf({ spec, status }: Source): SourceState {
  if (spec.suspended) {
    return "Suspended";
  }
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready ? (ready.status ? "Synced" : "Failed") : "Pending";
}

/** Names in a field, which commas or spaces part. */
export const namesIn = (text: string): string[] => text.split(/[,\s]+/).filter((name) => name !== "");

/** Where an object of that kind has a page of its own; nothing for kinds without one. */
export function pageOf(kind: string, name: string): string | undefined {
  const plural = PAGES[kind];
  return plural && `/${plural}/${name}`;
}

const PAGES: Readonly<Record<string, string>> = {
  Cluster: "clusters",
  Group: "groups",
  Bundle: "bundles",
  Team: "teams",
  Template: "templates",
  Workspace: "workspaces",
};
