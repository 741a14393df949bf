import type { Bundle, Cluster } from "../../api/types";
import { parseSelector, type Labels } from "./selector";

/** The label that every cluster counts as carrying, with its name as the value. */
const NAME_LABEL = "nagaya.dev/cluster";

/** The labels that selectors of groups and bundles see: the cluster's own, and its name. */
export const selectableLabels = ({ metadata }: Cluster): Labels => ({ ...metadata.labels, [NAME_LABEL]: metadata.name });

/** The clusters that a selector selects; `undefined` when it is none. */
export function selected(selector: string, clusters: readonly Cluster[]): readonly Cluster[] | undefined {
  const matches = parseSelector(selector);
  return matches && clusters.filter((cluster) => matches(selectableLabels(cluster)));
}

/** Labels that clusters carry, written as a selector takes them, with how many carry each; the most used first. */
export function labelsInUse(clusters: readonly Cluster[]): readonly (readonly [string, number])[] {
  const all = clusters.flatMap(({ metadata }) => Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`));
  return [...Map.groupBy(all, (label) => label)]
    .map(([label, of]) => [label, of.length] as const)
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** The bundles that a group's clusters get. */
export const bundlesOf = (group: string, bundles: readonly Bundle[]): readonly Bundle[] =>
  bundles.filter(({ spec }) => spec.groups.includes(group));
