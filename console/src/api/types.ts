import type { Values } from "./charts";
import type { components } from "./schema";

/* The objects as the console uses them, made of the server's own description. What the server does not know or may not tell it leaves
 * out (it never sends null), and who does not run a cluster sees less of it: so everything of a status is optional here. */

type Schemas = components["schemas"];
/** Without null, which the description allows and the server does not send; all optional. */
type Told<T> = { [K in keyof T]?: Exclude<T[K], null> };
type Sent<T> = { [K in keyof T]: Exclude<T[K], null> };

export type Metadata = Told<Schemas["ObjectMeta"]> & { name: string };

/** A Kubernetes object within one of ours; what it holds is Kubernetes' matter. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string; [key: string]: unknown };
  [key: string]: unknown;
}
/** The description says of such objects and values no more than that they are; of the limit, which is a number or a part, that it is a text. */
type Described<T> = Omit<T, "objects" | "rollout" | "values"> &
  (T extends { values?: unknown } ? { values?: Values } : unknown) &
  (T extends { objects: unknown } ? { objects: KubernetesObject[] } : unknown) &
  (T extends { rollout?: unknown } ? { rollout?: Told<Omit<Schemas["Rollout"], "maxUnready">> & { maxUnready?: string | number } } : unknown);

/** What was told of clusters and versions may lack what is not known of them. */
type Known<T> = T extends { digest?: string; latest?: number }
  ? Omit<T, "versions" | "clusters" | "summary"> & { versions?: ReleaseVersionLine[]; clusters?: ReleaseCluster[]; summary?: Told<Schemas["ReleaseSummary"]> }
  : KnownBundle<T>;
type KnownBundle<T> = Omit<T, T extends { versions?: unknown[] } ? "versions" | ("summary" extends keyof T ? "clusters" | "summary" : never) : never> &
  (T extends { versions?: unknown[] } ? { versions?: VersionLine[] } : unknown) &
  (T extends { summary?: unknown } ? { clusters?: BundleCluster[]; summary?: Told<Schemas["BundleSummary"]> } : unknown);

interface ObjectOf<Kind extends Plurals[Plural] | "BundleVersion" | "ReleaseVersion"> {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
  spec: Described<Sent<Schemas[Kind]["spec"]>>;
  status?: Known<Told<NonNullable<Schemas[Kind]["status"]>>>;
}

interface Plurals {
  clusters: "Cluster";
  groups: "Group";
  bundles: "Bundle";
  sources: "Source";
  repositories: "Repository";
  releases: "Release";
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
export type Group = Kinds["groups"];
export type Bundle = Kinds["bundles"];
export type Source = Kinds["sources"];
export type Repository = Kinds["repositories"];
export type Release = Kinds["releases"];
export type ReleaseVersion = ObjectOf<"ReleaseVersion">;
export type ReleaseState = Schemas["ReleaseState"];
export type ReleaseCluster = Told<Schemas["ReleaseCluster"]>;
export type ReleaseVersionLine = Told<Schemas["ReleaseVersionLine"]>;
export type ReleaseObject = Told<Schemas["ObjectLine"]>;
export type SourceFault = Schemas["SourceError"];
export type Difference = Schemas["Difference"];
/** A version's content; read one by one when somebody asks for it, so it is no kind that the stream tells of. */
export type BundleVersion = ObjectOf<"BundleVersion">;

export type WorkspaceState = Schemas["WorkspaceState"];
export type WorkspacePhase = Schemas["WorkspacePhase"];
export type StepName = Schemas["StepName"];
export type EventLine = Schemas["EventLine"];
export type ClusterPhase = Schemas["ClusterPhase"];
export type BundleState = Schemas["BundleState"];
export type BundleCluster = Told<Schemas["BundleCluster"]>;
export type VersionLine = Told<Schemas["VersionLine"]>;
export type Condition = Schemas["Condition"];
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
