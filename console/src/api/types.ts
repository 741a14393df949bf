/** The objects as the console uses them. Names and meaning are the server's (crates/api); times are RFC 3339. */

export interface Metadata {
  name: string;
  uid?: string;
  team?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  managedFields?: { manager: string; fields: string[] }[];
}

export interface ObjectMeta<Kind extends string> {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
}

export interface Condition {
  type: string;
  status: boolean;
  reason?: string;
  message?: string;
  lastTransitionTime: string;
}

export type WorkspaceState = "Running" | "Stopped" | "Deleted";
export type WorkspacePhase = "Pending" | "Starting" | "Running" | "Stopping" | "Stopped" | "Failed" | "Deleted" | "Purging";
export type StepName = "Accepted" | "Home" | "Scheduled" | "Started" | "Ready";
export interface Step {
  name: StepName;
  at?: string;
}
export interface EventLine {
  at: string;
  type: string;
  reason: string;
  object: string;
  message: string;
  count: number;
}
export interface Workspace extends ObjectMeta<"Workspace"> {
  spec: {
    owner: string;
    team: string;
    template: string;
    cluster?: string;
    namespace?: string;
    homeSize?: string;
    state?: WorkspaceState;
  };
  status?: {
    phase?: WorkspacePhase;
    reason?: string;
    message?: string;
    since?: string;
    steps?: Step[];
    pod?: { name: string; uid: string; node?: string; startedAt?: string; restarts?: number };
    outdated?: boolean;
    events?: EventLine[];
  };
}

export type ClusterPhase = "Pending" | "Starting" | "Ready" | "Degraded" | "Unreachable" | "Stopping" | "Stopped" | "Deleting";
export interface ClusterNode {
  name: string;
  ready: boolean;
  version: string;
  cpu: string;
  memory: string;
  pods: number;
  problems?: string[];
}
export interface ClusterComponent {
  name: string;
  ready: boolean;
  restarts: number;
  message?: string;
}
export interface Cluster extends ObjectMeta<"Cluster"> {
  spec: {
    provider?: "local" | "import";
    local?: { kubernetes?: string; cpu: string; memory: string; power?: "Running" | "Stopped" };
  };
  status?: {
    phase?: ClusterPhase;
    reason?: string;
    message?: string;
    since?: string;
    kubernetesVersion?: string;
    nodes?: ClusterNode[];
    components?: ClusterComponent[];
    agent?: { connected: boolean; version?: string; since?: string };
    intent?: { desired: number; applied: number; errors?: { object: string; message: string }[] };
    workspaces?: { total: number; running: number };
    conditions?: Condition[];
  };
}

export type TeamRole = "member" | "team-admin";
export interface Member {
  user: string;
  role?: TeamRole;
}
export interface Team extends ObjectMeta<"Team"> {
  spec: { displayName?: string; cluster: string; namespace?: string; members?: Member[] };
  status?: object;
}

export interface User extends ObjectMeta<"User"> {
  spec: { displayName?: string; admin?: boolean; disabled?: boolean };
  status?: { hasPassword?: boolean };
}

export interface Image extends ObjectMeta<"Image"> {
  spec: { reference: string; description?: string };
  status?: object;
}

export interface TemplatePort {
  name: string;
  port: number;
  protocol?: "rfb";
}
export interface Template extends ObjectMeta<"Template"> {
  spec: {
    displayName?: string;
    description?: string;
    image: string;
    resources: { cpu: string; memory: string; cpuLimit?: string; memoryLimit?: string };
    homeSize: string;
    ports?: TemplatePort[];
    environment?: Record<string, string>;
  };
  status?: { workspaces?: number };
}

export interface Kinds {
  clusters: Cluster;
  teams: Team;
  users: User;
  images: Image;
  templates: Template;
  workspaces: Workspace;
}
export type Plural = keyof Kinds;
export type AnyObject = Kinds[Plural];

export interface ObjectList<T> {
  metadata?: { resourceVersion?: string; continue?: string | null } | null;
  items: T[];
}

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  object: AnyObject;
}

export interface StatusCause {
  field?: string | null;
  reason?: string | null;
  message: string;
  mend?: string | null;
}
export interface Status {
  code: number;
  reason: string;
  message: string;
  details?: { kind?: string | null; name?: string | null; causes?: StatusCause[] | null } | null;
}

export interface Me {
  name: string;
  displayName?: string;
  admin: boolean;
  /** Somebody else set the password, so that it should be changed. */
  mustChangePassword?: boolean;
  teams: { name: string; role: TeamRole }[];
}
export interface Token {
  id: string;
  name: string;
  createdAt?: string;
  expiresAt?: string | null;
  lastUsedAt?: string | null;
}
export interface AuditRecord {
  id: number;
  at: string;
  user: string;
  verb: string;
  kind: string;
  name: string;
  team?: string;
  /** `ok`, or the reason it was refused. */
  result: string;
  message?: string;
  changes?: { field: string; before?: unknown; after?: unknown }[];
}
