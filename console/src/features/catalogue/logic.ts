import type { ChartLine } from "../../api/charts";
import type { Template } from "../../api/types";
import { matches } from "../../ui/ListToolbar";

/** What a card is of: a chart, or an environment that workspaces are made from. */
export type Entry = { readonly kind: "chart"; readonly name: string; readonly chart: ChartLine } | { readonly kind: "environment"; readonly name: string; readonly template: Template };

export interface Filters {
  readonly search: string;
  readonly repository: string;
  readonly kind: string;
  readonly installed: string;
}

/** Charts and environments that search and filters leave, by name. */
export function entries(charts: readonly ChartLine[], templates: readonly Template[], filters: Filters): readonly Entry[] {
  const all: Entry[] = [
    ...charts.map((chart): Entry => ({ kind: "chart", name: chart.name, chart })),
    ...templates.map((template): Entry => ({ kind: "environment", name: template.spec.displayName || template.metadata.name, template })),
  ];
  return all.filter((entry) => shown(entry, filters)).toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function shown(entry: Entry, { search, repository, kind, installed }: Filters): boolean {
  if (kind !== "" && kind !== `${entry.kind}s`) {
    return false;
  }
  if (entry.kind === "environment") {
    const { metadata, spec } = entry.template;
    const of = repository === "" || spec.chart?.repository === repository;
    return of && installed === "" && matches(search, entry.name, metadata.name, spec.description, spec.chart?.chart);
  }
  const { chart } = entry;
  return (
    (repository === "" || chart.repository === repository) &&
    (installed === "" || (installed === "yes") === (chart.installed ?? 0) > 0) &&
    matches(search, chart.name, chart.description, ...(chart.keywords ?? []))
  );
}

/** An address that a browser may be sent to from what others wrote; nothing for any other kind. */
export const webAddress = (address: string | undefined) => (address && /^https?:\/\//i.test(address) ? address : undefined);
