import type { components } from "./schema";

/* The objects as the console uses them, made of the server's own description. What the server does not know or may not tell it leaves
 * out (it never sends null), and who does not run a cluster sees less of it: so everything of a status is optional here. */

type Schemas = components["schemas"];
/** Without null, which the description allows and the server does not send; all optional. */
type Told<T> = { [K in keyof T]?: Exclude<T[K], null> };
type Sent<T> = { [K in keyof T]: Exclude<T[K], null> };

export type Metadata = Told<Schemas["ObjectMeta"]> & { name: string };

interface ObjectOf<Kind extends Plurals[Plural]> {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
  spec: Sent<Schemas[Kind]["spec"]>;
  status?: Told<NonNullable<Schemas[Kind]["status"]>>;
}

interface Plurals {
  clusters: "Cluster";
  teams: "Team";
  users: "User";
  images: "Image";
  templates: "Template";
  workspaces: "Workspace";
}
export type Plural = keyof Plurals;
export type Kinds = { [P in Plural]: ObjectOf<Plurals[P]> };
export type AnyObject = Kinds[Plural];

export type Workspace = Kinds["workspaces"];
export type Cluster = Kinds["clusters"];
export type Team = Kinds["teams"];
export type User = Kinds["users"];
export type Template = Kinds["templates"];

export type WorkspaceState = Schemas["WorkspaceState"];
export type WorkspacePhase = Schemas["WorkspacePhase"];
export type StepName = Schemas["StepName"];
export type EventLine = Schemas["EventLine"];
export type ClusterPhase = Schemas["ClusterPhase"];
export type Member = Schemas["Member"];
export type TeamRole = Schemas["TeamRole"];
export type Me = Schemas["Me"];
export type Token = Sent<Schemas["TokenInfo"]>;
export type AuditRecord = Schemas["AuditLine"];
export type Status = Pick<Schemas["ApiError"], "code" | "reason" | "message" | "details">;
export type StatusCause = Schemas["Cause"];

export interface ObjectList<T> {
  metadata?: { resourceVersion?: string; continue?: string | null };
  items: T[];
}

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: AnyObject;
}
