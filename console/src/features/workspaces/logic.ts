import type { Me, StepName, Workspace, WorkspacePhase } from "../../api/types";

/**
 * Where a workspace stands as a person should see it: what was asked for a moment ago counts, though its cluster has not said so yet.
 * The server writes `status.phase`; between a click and that, `spec.state` is already the new one.
 */
export function phaseOf({ metadata, spec, status }: Workspace): WorkspacePhase {
  if (metadata.deletionTimestamp) {
    return "Purging";
  }
  const wanted = spec.state ?? "Running";
  const phase = status?.phase ?? "Pending";
  switch (wanted) {
    case "Running":
      return phase === "Stopped" || phase === "Deleted" || phase === "Stopping" ? "Starting" : phase;
    case "Stopped":
      return phase === "Stopped" || phase === "Stopping" ? phase : "Stopping";
    case "Deleted":
      return phase === "Deleted" || phase === "Purging" ? phase : "Stopping";
  }
}

export const isDeleted = (workspace: Workspace) => workspace.spec.state === "Deleted";

/** The desktop answers. */
export const canOpen = (workspace: Workspace) => phaseOf(workspace) === "Running";

export const canStart = (workspace: Workspace) => workspace.spec.state === "Stopped";

/** Also one that failed or never came up can be stopped: otherwise it would use its place for ever. */
export const canStop = (workspace: Workspace) => (workspace.spec.state ?? "Running") === "Running";

/** On the way, and worth opening now: the desktop's page waits and shows how far it is. */
export const isComing = (workspace: Workspace) => ["Pending", "Starting"].includes(phaseOf(workspace));

export const STEPS: readonly StepName[] = ["Accepted", "Home", "Scheduled", "Started", "Ready"];

export interface TimelineStep {
  readonly name: StepName;
  readonly state: "done" | "current" | "failed" | "waiting";
  /** When it was reached. */
  readonly at: string | undefined;
  /** Milliseconds it took after the step before it. */
  readonly took: number | undefined;
}

/** The way from the click to the desktop, with the step that is being waited for. */
export function timeline(workspace: Workspace): readonly TimelineStep[] {
  const reached = new Map((workspace.status?.steps ?? []).map((step) => [step.name, step.at ?? undefined]));
  const phase = phaseOf(workspace);
  const active = phase === "Pending" || phase === "Starting" || phase === "Running" || phase === "Failed";
  let current = true;
  let before: number | undefined;
  return STEPS.map((name): TimelineStep => {
    const at = reached.get(name);
    const time = at === undefined ? undefined : Date.parse(at);
    const took = time !== undefined && before !== undefined ? Math.max(0, time - before) : undefined;
    if (time !== undefined) {
      before = Math.max(before ?? time, time);
      return { name, state: "done", at, took };
    }
    const first = current && active;
    current = false;
    return { name, state: first ? (phase === "Failed" ? "failed" : "current") : "waiting", at: undefined, took: undefined };
  });
}

/** A name nobody has to think about: the person's, the template's, and a number when that is taken. */
export function suggestName(owner: string, template: string, taken: ReadonlySet<string>): string {
  const clean = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "");
  const base = [clean(owner), clean(template)].filter(Boolean).join("-").slice(0, 36).replace(/-+$/, "") || "workspace";
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}

/** Whether this person may look into the workspace: what somebody works on is theirs, also before their team's administrator. */
export const mayLookInto = (me: Me, workspace: Workspace) => me.admin || workspace.spec.owner === me.name;
