import { expect, test } from "vitest";
import type { StepName, Workspace, WorkspacePhase, WorkspaceState } from "../../api/types";
import { isName } from "../../ui/names";
import { canStop, phaseOf, STEPS, suggestName, timeline } from "./logic";

const PHASES: readonly WorkspacePhase[] = ["Pending", "Starting", "Running", "Stopping", "Stopped", "Failed", "Deleted", "Purging"];
const workspace = (state: WorkspaceState, phase: WorkspacePhase, reached: readonly [StepName, string][] = []): Workspace => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name: "a" },
  spec: { owner: "dev-01", team: "java", template: "java", state },
  status: { phase, steps: reached.map(([name, at]) => ({ name, at })) },
});

test("a click shows at once, before the cluster has said anything", () => {
  expect(phaseOf(workspace("Running", "Stopped"))).toBe("Starting");
  expect(phaseOf(workspace("Running", "Deleted"))).toBe("Starting");
  expect(phaseOf(workspace("Stopped", "Running"))).toBe("Stopping");
  expect(phaseOf(workspace("Stopped", "Failed"))).toBe("Stopping");
  expect(phaseOf(workspace("Deleted", "Running"))).toBe("Stopping");
});

test("what was reached shows as it is", () => {
  for (const phase of ["Pending", "Starting", "Running", "Failed"] as const) {
    expect(phaseOf(workspace("Running", phase))).toBe(phase);
  }
  expect(phaseOf(workspace("Stopped", "Stopped"))).toBe("Stopped");
  expect(phaseOf(workspace("Deleted", "Deleted"))).toBe("Deleted");
});

test("whatever should run can be stopped, whatever state it is in", () => {
  for (const phase of PHASES) {
    expect(canStop(workspace("Running", phase)), phase).toBe(true);
  }
});

test("what is being purged is nothing else any more", () => {
  const purged = workspace("Deleted", "Deleted");
  purged.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  expect(phaseOf(purged)).toBe("Purging");
});

test("exactly the first step not reached is the one waited for", () => {
  const steps = timeline(workspace("Running", "Starting", [["Accepted", "2026-01-01T00:00:00Z"], ["Home", "2026-01-01T00:00:02Z"]]));
  expect(steps.map((step) => step.state)).toEqual(["done", "done", "current", "waiting", "waiting"]);
  expect(steps[1]?.took).toBe(2000);
});

test("of one that cannot start, the step that fails is marked", () => {
  expect(timeline(workspace("Running", "Failed", [["Accepted", "2026-01-01T00:00:00Z"]])).map((step) => step.state)).toEqual([
    "done",
    "failed",
    "waiting",
    "waiting",
    "waiting",
  ]);
});

test("nothing is waited for when it runs or is stopped", () => {
  const all = STEPS.map((name, index): [StepName, string] => [name, `2026-01-01T00:00:0${index}Z`]);
  expect(timeline(workspace("Running", "Running", all)).every((step) => step.state === "done")).toBe(true);
  expect(timeline(workspace("Stopped", "Stopped")).every((step) => step.state === "waiting")).toBe(true);
});

test("a suggested name is always a name, and free", () => {
  for (const [owner, template] of [["dev-01", "java"], ["Dev.01", "Java 17!"], ["", ""], ["x".repeat(60), "y"], ["山田", "日本"]] as const) {
    const first = suggestName(owner, template, new Set());
    expect(isName(first), first).toBe(true);
    const second = suggestName(owner, template, new Set([first]));
    expect(isName(second), second).toBe(true);
    expect(second).not.toBe(first);
  }
});

test("names are RFC 1123 labels of at most 40 characters", () => {
  for (const good of ["a", "a-b", "0a", "a".repeat(40)]) {
    expect(isName(good), good).toBe(true);
  }
  for (const bad of ["", "-a", "a-", "A", "a_b", "a".repeat(41), "あ"]) {
    expect(isName(bad), bad).toBe(false);
  }
});
