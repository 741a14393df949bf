import type { Release, ReleaseCluster, ReleaseState } from "../../api/types";

/** The states of a release on a cluster, what needs somebody first. */
export const STATES = [
  "Failed",
  "Conflict",
  "NotReady",
  "Unreachable",
  "Uninstalling",
  "RollingBack",
  "Upgrading",
  "Installing",
  "Waiting",
  "Ready",
] as const satisfies readonly ReleaseState[];

/** What was said about a change, kept with the version it makes. */
export const MESSAGE = "nagaya.dev/message";

export const clustersOf = (release: Release): readonly ReleaseCluster[] => release.status?.clusters ?? [];

export const stateOf = (cluster: ReleaseCluster): ReleaseState => cluster.state ?? "Waiting";

export const isUnderWay = (state: ReleaseState) => ["Installing", "Upgrading", "RollingBack", "Uninstalling"].includes(state);

/** The clusters, what needs somebody first. */
export const byNeed = (release: Release): readonly ReleaseCluster[] =>
  clustersOf(release).toSorted((a, b) => STATES.indexOf(stateOf(a)) - STATES.indexOf(stateOf(b)));

/** The state that stands for the whole release: that of the cluster that needs somebody most. */
export function worstState(release: Release): ReleaseState | undefined {
  const [first] = byNeed(release);
  return first && stateOf(first);
}

/** How many clusters are in each state that any is in, what needs somebody first. */
export function tally(clusters: readonly ReleaseCluster[]): readonly (readonly [ReleaseState, number])[] {
  const by = Map.groupBy(clusters, stateOf);
  return STATES.filter((state) => by.has(state)).map((state) => [state, by.get(state)?.length ?? 0] as const);
}

/** Whether trying again is something to offer: a step failed somewhere. */
export const mayRetry = (release: Release) => clustersOf(release).some((cluster) => ["Failed", "Conflict"].includes(stateOf(cluster)));

/** Counts how often somebody asked for the chart's tests; a cluster's `tested` says which of them it has been through. */
const TEST = "nagaya.dev/test";

type TestLine = NonNullable<ReleaseCluster["tests"]>[number];
export interface TestRun {
  readonly cluster: string;
  /** What was asked for last `runs`, or `waits` until the release is well there; else how it went. */
  readonly how: "runs" | "waits" | "none" | "passed" | "failed";
  readonly lines: readonly TestLine[];
}

/** How the chart's tests go or went on each cluster; nothing as long as nobody asked for them. */
export function testRuns(release: Release): readonly TestRun[] {
  const asked = Number(release.metadata.annotations?.[TEST] ?? 0);
  return clustersOf(release)
    .filter(({ tested = 0 }) => asked > 0 || tested > 0)
    .map((one): TestRun => {
      const { cluster = "", tested = 0, tests: lines = [] } = one;
      if (tested < asked) {
        const state = stateOf(one);
        return { cluster, how: state === "Ready" || isUnderWay(state) ? "runs" : "waits", lines: [] };
      }
      return { cluster, how: lines.length === 0 ? "none" : lines.every(({ passed }) => passed) ? "passed" : "failed", lines };
    });
}

/** The chart's newest version in the catalogue, where the release has an older one. */
export function newer(release: Release, newest: string | undefined): string | undefined {
  const has = release.status?.version;
  return newest !== undefined && has !== undefined && has !== "" && compareVersions(newest, has) > 0 ? newest : undefined;
}

/** The order of two versions by SemVer's rules; what is none comes as text. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a, b].map(parts);
  if (!x || !y) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  for (let at = 0; at < 3; at += 1) {
    const difference = (x.numbers[at] ?? 0) - (y.numbers[at] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  // A version before the real one is less than it.
  if (x.before.length === 0 || y.before.length === 0) {
    return y.before.length - x.before.length;
  }
  for (let at = 0; at < Math.max(x.before.length, y.before.length); at += 1) {
    const [one, other] = [x.before[at], y.before[at]];
    if (one === undefined || other === undefined) {
      return one === undefined ? -1 : 1;
    }
    if (one !== other) {
      const [n, m] = [Number(one), Number(other)];
      if (!Number.isNaN(n) && !Number.isNaN(m)) {
        return n - m;
      }
      // Numbers come before words.
      return Number.isNaN(n) === Number.isNaN(m) ? (one < other ? -1 : 1) : Number.isNaN(n) ? 1 : -1;
    }
  }
  return 0;
}

function parts(version: string): { readonly numbers: readonly number[]; readonly before: readonly string[] } | undefined {
  const [, major, minor, patch, before] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version) ?? [];
  return major === undefined ? undefined : { numbers: [major, minor ?? 0, patch ?? 0].map(Number), before: before?.split(".") ?? [] };
}
