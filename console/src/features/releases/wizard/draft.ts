import type { Values } from "../../../api/charts";
import type { Me, Release } from "../../../api/types";
import { MESSAGE } from "../logic";
import { readValues, reduced, resetValue, writeValues } from "../values/document";
import { same } from "../values/layers";
import { pathText, readPath, type Path } from "../values/paths";

/** Keeps the values as they were typed, comments and all, beside those of the spec, which know none. */
export const TYPED = "nagaya.dev/values-typed";
/** Longer texts are not kept as typed. Characters. */
const LONGEST = 32_768;

/** A value that is sealed: where it goes, what it is kept as, and the value where it was entered here. */
export interface Sealed {
  readonly path: string;
  readonly secret: string;
  readonly value?: string;
}

/** All that the wizard asks for. The values are the text of the overrides, and nothing else. */
export interface Draft {
  readonly name: string;
  readonly where: "cluster" | "group";
  readonly cluster: string;
  readonly group: string;
  readonly team: string;
  readonly namespace: string;
  readonly createNamespace: boolean;
  /** A version, a constraint, or nothing for always the newest. */
  readonly version: string;
  readonly text: string;
  readonly secrets: readonly Sealed[];
  readonly atomic: boolean;
  readonly wait: boolean;
  readonly hooks: boolean;
  readonly crds: boolean;
  readonly timeout: string;
  readonly message: string;
}

/** What is asked for before anything is typed. */
export function emptyDraft(chart: string, version: string, me: Me): Draft {
  const base = chart.split("/").at(-1) ?? chart;
  return {
    name: base.toLowerCase().replace(/[^a-z0-9-]+/g, "-").slice(0, 32),
    where: "cluster",
    cluster: "",
    group: "",
    // Who does not run operations installs for a team.
    team: me.admin ? "" : (me.teams[0]?.name ?? ""),
    namespace: "",
    createNamespace: me.admin,
    version,
    text: "",
    secrets: [],
    atomic: true,
    wait: true,
    hooks: true,
    crds: true,
    timeout: "300",
    message: "",
  };
}

/** What a release asks for now, to be changed. */
export function draftOf({ metadata, spec }: Release): Draft {
  const values = spec.values ?? {};
  const typed = metadata.annotations?.[TYPED];
  return {
    name: metadata.name,
    where: spec.group ? "group" : "cluster",
    cluster: spec.cluster ?? "",
    group: spec.group ?? "",
    team: spec.team ?? "",
    namespace: spec.namespace,
    createNamespace: spec.createNamespace ?? false,
    version: spec.version ?? "",
    // What somebody else wrote since is what holds.
    text: typed !== undefined && same(readValues(typed).values, values) ? typed : writeValues(values),
    secrets: spec.secrets ?? [],
    atomic: spec.atomic ?? true,
    wait: spec.wait ?? true,
    hooks: spec.hooks ?? true,
    crds: spec.crds ?? true,
    timeout: String(spec.timeoutSeconds ?? 300),
    message: "",
  };
}

/** Whether there is enough to ask the server for a preview. */
export const isAimed = ({ where, cluster, group, namespace }: Draft) => (where === "cluster" ? cluster : group) !== "" && namespace !== "";

/** The release that a draft describes; of one that is there, what the wizard does not ask for stays. */
export function toRelease(draft: Draft, repository: string, chart: string, base?: Release): Release {
  const { name, where, cluster, group, team, namespace, createNamespace, version, text, secrets, atomic, wait, hooks, crds, timeout, message } = draft;
  const { values } = readValues(text);
  const { [TYPED]: _typed, [MESSAGE]: _message, ...annotations } = base?.metadata.annotations ?? {};
  const commented = text.includes("#") && text.length <= LONGEST;
  return {
    apiVersion: "nagaya.dev/v1alpha1",
    kind: "Release",
    metadata: {
      ...base?.metadata,
      name,
      annotations: {
        ...annotations,
        ...(commented ? { [TYPED]: text } : {}),
        ...(message.trim() === "" ? {} : { [MESSAGE]: message.trim() }),
      },
    },
    spec: {
      ...base?.spec,
      team: team === "" ? undefined : team,
      repository,
      chart,
      version,
      cluster: where === "cluster" ? cluster : undefined,
      group: where === "group" ? group : undefined,
      namespace,
      createNamespace,
      values,
      secrets: secrets.map(({ path, secret }) => ({ path, secret })),
      atomic,
      // Whether to undo is only known once the objects were waited for.
      wait: wait || atomic,
      hooks,
      crds,
      timeoutSeconds: Number(timeout),
    },
  };
}

/** A draft whose value at a path is sealed; in plain text it is nowhere then. */
export function sealed(draft: Draft, path: Path, secret: string, value: string): Draft {
  const at = pathText(path);
  return { ...draft, text: resetValue(draft.text, path), secrets: [...draft.secrets.filter((one) => one.path !== at), { path: at, secret, value }] };
}

export const unsealed = (draft: Draft, path: string): Draft => ({ ...draft, secrets: draft.secrets.filter((one) => one.path !== path) });

/** A name to keep a sealed value as, of what it is called. */
export function secretName(path: Path): string {
  return path
    .join("-")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(-63)
    .replace(/^-+/, "");
}

/** A draft with only what differs from the layers below. */
export const tidied = (draft: Draft, below: Values): Draft => ({ ...draft, text: reduced(draft.text, below) });

/** Which sealed value a field has, if any. */
export const sealOf = (draft: Draft, path: Path): Sealed | undefined => draft.secrets.find((one) => pathText(readPath(one.path)) === pathText(path));
