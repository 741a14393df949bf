import type { Me, Template } from "../../api/types";

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
  readonly image: string;
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
  image: "",
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
    image: spec.image,
    cpu: spec.resources.cpu,
    cpuLimit: spec.resources.cpuLimit ?? "",
    memory: spec.resources.memory,
    memoryLimit: spec.resources.memoryLimit ?? "",
    homeSize: spec.homeSize,
    environment: Object.entries(spec.environment ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
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
      image: form.image,
      resources: {
        cpu: form.cpu.trim(),
        memory: form.memory.trim(),
        cpuLimit: form.cpuLimit.trim() || undefined,
        memoryLimit: form.memoryLimit.trim() || undefined,
      },
      homeSize: form.homeSize.trim(),
      environment: Object.keys(environment).length > 0 ? environment : undefined,
    },
  };
}
