import { parseDocument, stringify } from "yaml";
import type { Values } from "../../api/charts";
import type { Me, Template } from "../../api/types";
import { READ } from "../releases/values/document";
import { chartKey } from "./origin";

/** Whether this person may change the template: operations all, a team's administrator the team's own. */
export function mayChange(me: Me, template: Template): boolean {
  return me.admin || me.teams.some((team) => team.role === "team-admin" && team.name === template.metadata.team);
}

/** The fields of the form, as typed. */
export interface TemplateForm {
  readonly name: string;
  readonly team: string;
  readonly displayName: string;
  readonly description: string;
  /** What workspaces are made from. */
  readonly from: "image" | "chart";
  readonly image: string;
  /** `repository/chart`. */
  readonly chart: string;
  readonly version: string;
  readonly service: string;
  /** The port of the Service that shows the desktop. */
  readonly port: string;
  readonly homeValue: string;
  /** YAML. */
  readonly values: string;
  readonly cpu: string;
  readonly cpuLimit: string;
  readonly memory: string;
  readonly memoryLimit: string;
  readonly homeSize: string;
  /** One `NAME=value` a line. */
  readonly environment: string;
}

export const EMPTY_FORM: TemplateForm = {
  name: "",
  team: "",
  displayName: "",
  description: "",
  from: "image",
  image: "",
  chart: "",
  version: "",
  service: "",
  port: "5900",
  homeValue: "",
  values: "",
  cpu: "250m",
  cpuLimit: "",
  memory: "1Gi",
  memoryLimit: "",
  homeSize: "5Gi",
  environment: "",
};

export function toForm({ metadata, spec }: Template): TemplateForm {
  return {
    name: metadata.name,
    team: metadata.team ?? "",
    displayName: spec.displayName ?? "",
    description: spec.description ?? "",
    from: spec.chart ? "chart" : "image",
    image: spec.image ?? "",
    chart: spec.chart ? chartKey(spec.chart) : "",
    version: spec.chart?.version ?? "",
    service: spec.chart?.service ?? "",
    port: String(spec.ports?.[0]?.port ?? ""),
    homeValue: spec.chart?.homeValue ?? "",
    values: spec.chart?.values && Object.keys(spec.chart.values).length > 0 ? stringify(spec.chart.values, { lineWidth: 0 }) : "",
    cpu: spec.resources?.cpu ?? EMPTY_FORM.cpu,
    cpuLimit: spec.resources?.cpuLimit ?? "",
    memory: spec.resources?.memory ?? EMPTY_FORM.memory,
    memoryLimit: spec.resources?.memoryLimit ?? "",
    homeSize: spec.homeSize,
    environment: Object.entries(spec.environment ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
  };
}

/** What the values say, or what is wrong with their text. */
export function readValues(text: string): { readonly values: Values } | { readonly fault: string } {
  const document = parseDocument(text, READ);
  const [error] = document.errors;
  if (error) {
    return { fault: error.message.split("\n")[0] ?? "" };
  }
  const values = (document.toJS({ maxAliasCount: 1000 }) as unknown) ?? {};
  return typeof values === "object" && !Array.isArray(values) ? { values: values as Values } : { fault: "" };
}

/** Whether a text is the number of a port. */
export const isPort = (text: string) => /^[1-9]\d{0,4}$/.test(text.trim()) && Number(text) < 65_536;

/** What of the spec is a chart's. */
function chartSpec(form: TemplateForm, base: Template | undefined): Partial<Template["spec"]> {
  const slash = form.chart.indexOf("/");
  const read = readValues(form.values);
  const values = "values" in read ? read.values : {};
  const [first, ...others] = base?.spec.ports ?? [{ name: "desktop", port: 0, protocol: "rfb" as const }];
  return {
    chart: {
      repository: form.chart.slice(0, slash),
      chart: form.chart.slice(slash + 1),
      version: form.version.trim() || undefined,
      service: form.service.trim() || undefined,
      homeValue: form.homeValue.trim() || undefined,
      values: Object.keys(values).length > 0 ? (values as NonNullable<Template["spec"]["chart"]>["values"]) : undefined,
    },
    ports: first && [{ ...first, port: Number(form.port) }, ...others],
  };
}

/** The object the form describes; what the form does not show (ports, labels) stays as in `base`. */
export function fromForm(form: TemplateForm, base?: Template): Template {
  const environment = Object.fromEntries(
    form.environment
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map((line): [string, string] => {
        const at = line.indexOf("=");
        return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
      }),
  );
  return {
    apiVersion: "nagaya.dev/v1alpha1",
    kind: "Template",
    metadata: { ...base?.metadata, name: form.name, team: form.team || undefined },
    spec: {
      ...base?.spec,
      displayName: form.displayName || undefined,
      description: form.description || undefined,
      homeSize: form.homeSize.trim(),
      ...(form.from === "chart"
        ? chartSpec(form, base)
        : {
            image: form.image,
            resources: {
              cpu: form.cpu.trim(),
              memory: form.memory.trim(),
              cpuLimit: form.cpuLimit.trim() || undefined,
              memoryLimit: form.memoryLimit.trim() || undefined,
            },
            environment: Object.keys(environment).length > 0 ? environment : undefined,
          }),
    },
  };
}
