import { answer, client } from "../../api/client";
import { asApiError } from "../../api/errors";
import { readJson } from "../../api/stream";
import type { KubernetesObject } from "../../api/types";
import { kubernetesPath } from "../clusters/kubernetes";
import { nameOf, same } from "./changes";
import { pathOf } from "./contents";

/* What a bundle asks for on one cluster, beside what is there: by the same rules as `nagaya bundle diff`. */

/** Fields that others own, as the server writes them into an object: paths with commas between. */
const IGNORED = "nagaya.dev/ignore-fields";
/** Objects asked for at one time. */
const AT_ONCE = 8;

/** An object that is not as the bundle asks. */
export interface Difference {
  readonly object: string;
  /** Of what is there the part that the bundle speaks of; nothing when the object, or its kind, is not there. */
  readonly has: unknown;
  readonly wanted: unknown;
}

/** Plural and scope by kind, from an APIResourceList. */
type Resources = ReadonlyMap<string, { readonly plural: string; readonly namespaced: boolean }>;
interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

export function resourcesOf({ resources = [] }: ResourceList): Resources {
  // Those with a slash are parts of others: `deployments/scale`.
  const own = resources.filter(({ name }) => !name.includes("/"));
  return new Map(own.map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced }]));
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Of what is there the part that the bundle speaks of: other fields are the cluster's, or others'. Within lists an item is compared with the
 * one in its place.
 */
export function partOf(live: unknown, wanted: unknown): unknown {
  if (isMap(live) && isMap(wanted)) {
    return Object.fromEntries(Object.entries(wanted).flatMap(([key, value]) => (Object.hasOwn(live, key) ? [[key, partOf(live[key], value)]] : [])));
  }
  if (Array.isArray(live) && Array.isArray(wanted)) {
    return live.map((item: unknown, at) => (at < wanted.length ? partOf(item, wanted[at]) : item));
  }
  return live;
}

/** An object without fields, which are named by their paths. */
export function without(object: unknown, paths: readonly string[]): unknown {
  return paths.reduce((rest, path) => drop(rest, pathOf(path).map(String)), object);
}

function drop(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || !isMap(value) || !Object.hasOwn(value, key)) {
    return value;
  }
  const { [key]: inner, ...others } = value;
  return rest.length === 0 ? others : { ...value, [key]: drop(inner, rest) };
}

/** How one object differs, if it does. */
export function differenceOf(wanted: KubernetesObject, live: unknown): Difference | undefined {
  const annotations = wanted.metadata?.annotations as Record<string, string> | undefined;
  const ignored = annotations?.[IGNORED]?.split(",") ?? [];
  const asked = without(wanted, ignored);
  const has = live === undefined ? undefined : without(partOf(live, wanted), ignored);
  return same(has, asked) ? undefined : { object: nameOf(wanted), has, wanted: asked };
}

/** What is different on a cluster, of all that the bundle as it is now asks for there; and how many objects that is. */
export async function readDifferences(bundle: string, cluster: string, signal: AbortSignal): Promise<{ readonly total: number; readonly differences: Difference[] }> {
  const request = client.GET("/api/v1alpha1/bundles/{name}/rendered", { params: { path: { name: bundle }, query: { cluster } }, signal });
  const { items } = (await answer(request)) as unknown as { items: KubernetesObject[] };
  const kinds = new Map<string, Promise<Resources>>();
  const get = async <T>(path: string): Promise<T | undefined> => {
    try {
      return await readJson<T>(kubernetesPath(cluster, path), signal);
    } catch (error) {
      if (asApiError(error).code === 404) {
        return undefined;
      }
      throw error;
    }
  };
  const live = async ({ apiVersion = "", kind = "", metadata = {} }: KubernetesObject): Promise<unknown> => {
    const root = `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}`;
    if (!kinds.has(root)) {
      kinds.set(root, get<ResourceList>(root).then((list) => resourcesOf(list ?? {})));
    }
    const resource = (await kinds.get(root))?.get(kind);
    if (!resource) {
      return undefined;
    }
    const within = resource.namespaced ? `/namespaces/${encodeURIComponent(metadata.namespace || "default")}` : "";
    return get<unknown>(`${root}${within}/${resource.plural}/${encodeURIComponent(metadata.name ?? "")}`);
  };
  const differences: Difference[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- a bundle may have a thousand objects: not all at once
    const some = await Promise.all(items.slice(at, at + AT_ONCE).map(async (object) => differenceOf(object, await live(object))));
    differences.push(...some.filter((one) => one !== undefined));
  }
  return { total: items.length, differences };
}
