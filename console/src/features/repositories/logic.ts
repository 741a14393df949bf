import type { Repository } from "../../api/types";

export type RepositoryState = "Pending" | "Ready" | "Failed";

/** Whether its charts can be read. */
export function stateOf({ status }: Repository): RepositoryState {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready ? (ready.status ? "Ready" : "Failed") : "Pending";
}

/** A rule of who may install what, as typed: names with commas or spaces between. */
export interface RuleForm {
  /** Tells rules apart while they come and go. */
  readonly key: number;
  readonly teams: string;
  readonly charts: string;
  readonly namespaces: string;
}

type Rule = NonNullable<Repository["spec"]["allow"]>[number];

const names = (text: string): string[] => text.split(/[,\s]+/).filter((name) => name !== "");

export const ruleForm = ({ teams = [], charts = [], namespaces = [] }: Rule, key: number): RuleForm => ({
  key,
  teams: teams.join(", "),
  charts: charts.join(", "),
  namespaces: namespaces.join(", "),
});

export const ruleOf = ({ teams, charts, namespaces }: RuleForm): Rule => ({ teams: names(teams), charts: names(charts), namespaces: names(namespaces) });

/** The fields of the form, as typed. */
export interface RepositoryForm {
  readonly url: string;
  readonly charts: string;
  readonly interval: string;
  readonly ca: string;
  readonly rules: readonly RuleForm[];
}

export const toForm = (repository?: Repository): RepositoryForm => ({
  url: repository?.spec.url ?? "",
  charts: repository?.spec.charts?.join(", ") ?? "",
  interval: String(repository?.spec.intervalSeconds ?? 3600),
  ca: repository?.spec.ca ?? "",
  rules: repository?.spec.allow?.map(ruleForm) ?? [],
});

export const isOci = (url: string) => url.trim().startsWith("oci://");

/** The object the form describes; what the form does not show stays as in `base`. */
export function fromForm(name: string, form: RepositoryForm, base?: Repository): Repository {
  return {
    apiVersion: "nagaya.dev/v1alpha1",
    kind: "Repository",
    metadata: { ...base?.metadata, name },
    spec: {
      ...base?.spec,
      url: form.url.trim(),
      charts: isOci(form.url) ? names(form.charts) : [],
      ca: form.ca.trim() === "" ? "" : `${form.ca.trim()}\n`,
      intervalSeconds: Number(form.interval),
      allow: form.rules.map(ruleOf),
    },
  };
}

/** Who may install from it besides operations: how many teams, all of them, or none. */
export function allowed({ spec: { allow = [] } }: Repository): "none" | "all" | number {
  if (allow.length === 0) {
    return "none";
  }
  return allow.some(({ teams = [] }) => teams.length === 0) ? "all" : new Set(allow.flatMap(({ teams = [] }) => teams)).size;
}
