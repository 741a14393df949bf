/* Charts, repositories and releases as the server tells of them. */

export interface ChartAllow {
  /** Teams it is for; none: all. */
  teams?: string[];
  /** Patterns of chart names; none: all. */
  charts?: string[];
  /** Namespaces they may be put in; none: the team's own. */
  namespaces?: string[];
}

export interface RepositorySpec {
  url: string;
  /** For OCI: a registry tells no list of what it has. */
  charts?: string[];
  ca?: string;
  intervalSeconds?: number;
  allow?: ChartAllow[];
}

export interface ChartCondition {
  type: string;
  status: boolean;
  reason: string;
  message: string;
  lastTransitionTime: string;
}

export interface RepositoryStatus {
  charts?: number;
  versions?: number;
  fetchedAt?: string;
  conditions?: ChartCondition[];
}

/** A value that the store seals: where it goes in the values, and under which name it is kept. */
export interface ReleaseSecret {
  path: string;
  secret: string;
}

export type Values = { [key: string]: unknown };

export interface ReleaseSpec {
  team?: string;
  repository: string;
  chart: string;
  version?: string;
  cluster?: string;
  group?: string;
  namespace: string;
  releaseName?: string;
  createNamespace?: boolean;
  values?: Values;
  secrets?: ReleaseSecret[];
  atomic?: boolean;
  wait?: boolean;
  timeoutSeconds?: number;
  hooks?: boolean;
  crds?: boolean;
  suspended?: boolean;
}

export type ReleaseState =
  | "Waiting"
  | "Installing"
  | "Upgrading"
  | "RollingBack"
  | "Uninstalling"
  | "Ready"
  | "NotReady"
  | "Failed"
  | "Unreachable"
  | "Conflict";

export interface ReleaseObject {
  object: string;
  ready: boolean;
  message?: string;
}

export interface ReleaseRevision {
  revision: number;
  status: string;
  chart?: string;
  appVersion?: string;
  updated?: string;
  description?: string;
}

export interface ReleaseCluster {
  cluster: string;
  /** The version of the release it was given; 0: none yet. */
  version?: number;
  state?: ReleaseState;
  helmStatus?: string;
  total?: number;
  ready?: number;
  message?: string;
  since?: string;
  revision?: number;
  chartVersion?: string;
  appVersion?: string;
  step?: string;
  objects?: ReleaseObject[];
  notes?: string;
  history?: ReleaseRevision[];
}

export interface ReleaseVersionLine {
  version: number;
  generation?: number;
  chartVersion?: string;
  at?: string;
  by?: string;
  message?: string;
  rollbackTo?: number;
}

/** What a release was at one time. */
export interface ReleaseVersion {
  kind: "ReleaseVersion";
  metadata: { name: string };
  spec: {
    release: string;
    version: number;
    by?: string;
    message?: string;
    rollbackTo?: number;
    chart: { repository: string; name: string; version: string; appVersion?: string; digest?: string };
    constraint?: string;
    values?: Values;
    secrets?: ReleaseSecret[];
  };
}

export interface ReleaseStatus {
  observedGeneration?: number;
  /** The chart version the constraint led to. */
  version?: string;
  digest?: string;
  /** Number of the newest version of this release. */
  latest?: number;
  versions?: ReleaseVersionLine[];
  summary?: { targets?: number; ready?: number; updated?: number; failed?: number };
  clusters?: ReleaseCluster[];
  conditions?: ChartCondition[];
}

export interface ChartLine {
  repository: string;
  name: string;
  version: string;
  appVersion?: string;
  description?: string;
  icon?: boolean;
  keywords?: string[];
  deprecated?: boolean;
  versions?: number;
  /** How many releases of it the caller sees. */
  installed?: number;
}

export interface ChartVersionLine {
  version: string;
  appVersion?: string;
  created?: string;
  digest?: string;
  description?: string;
}

export interface ChartDetail {
  name: string;
  version: string;
  appVersion?: string;
  description?: string;
  home?: string;
  sources?: string[];
  keywords?: string[];
  kubeVersion?: string;
  deprecated?: boolean;
  icon?: boolean;
  readme?: string;
  /** The chart's values.yaml as it is, comments and all. */
  values: string;
  schema?: object | null;
  changes?: unknown;
  dependencies?: readonly { name: string; version?: string; repository?: string; condition?: string }[];
  crds?: string[];
}

export interface PreviewFault {
  file?: string;
  line?: number;
  path?: string;
  message: string;
  mend?: string;
}

export interface PreviewDocument {
  source: string;
  kind: string;
  namespace?: string;
  name: string;
  text: string;
}

export interface PreviewChange {
  object: string;
  change: "added" | "removed" | "changed" | "same";
  before?: string;
  after?: string;
}

export type LayerName = "chart" | "group" | "cluster" | "release";

export interface ValueLayer {
  path: string;
  layer: LayerName;
  value?: unknown;
  hides?: readonly { layer: LayerName; value?: unknown }[];
}

export interface PreviewRequest {
  spec: ReleaseSpec;
  cluster?: string;
}

export interface Preview {
  error?: PreviewFault | null;
  schema?: { path: string; message: string }[];
  documents?: PreviewDocument[];
  hooks?: PreviewDocument[];
  notes?: string;
  changes?: PreviewChange[];
  layers?: ValueLayer[];
}
