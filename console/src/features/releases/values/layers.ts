import type { HiddenValue, ValueLayer, Values } from "../../../api/charts";
import { pathText, readPath, type Path } from "./paths";

/* Values come in layers: what the chart says, what its groups and its cluster say, what the release says. Maps are laid over each other key
 * by key; whatever else is replaced whole; null takes a key away. */

/** One of them: `chart`, `group NAME`, `cluster NAME`, `release`. */
export interface Layer {
  readonly layer: string;
  readonly values: Values;
}
/** From the lowest to the uppermost. */
export type Layers = readonly Layer[];

export const RELEASE = "release";

export const isMap = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two values are the same to YAML, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, at) => same(entry, b[at]));
  }
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  }
  return a === b;
}

/** What `base` is with `over` laid upon it. */
export function laid(base: Values, over: Values): Values {
  const result: Values = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) {
      delete result[key];
    } else {
      const below = result[key];
      result[key] = isMap(below) && isMap(value) ? laid(below, value) : value;
    }
  }
  return result;
}

/** What holds with all layers laid upon each other. */
export const effective = (layers: Layers): Values => layers.reduce((all, { values }) => laid(all, values), {} as Values);

/** The layers without the release's own. */
export const belowRelease = (layers: Layers): Values => effective(layers.filter(({ layer }) => layer !== RELEASE));

/** The value at a path; `undefined` where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  let here: unknown = values;
  for (const key of path) {
    if (Array.isArray(here)) {
      here = here[Number(key)];
    } else if (isMap(here) && Object.hasOwn(here, key)) {
      here = here[key];
    } else {
      return undefined;
    }
  }
  return here;
}

/** Where a field's value comes from, and what lies hidden beneath it, the nearest first. */
export interface Source {
  readonly layer: string | undefined;
  readonly hides: readonly HiddenValue[];
}

/** Which layer a field has its value from: the uppermost that says anything of it. */
export function sourceOf(layers: Layers, path: Path): Source {
  const [top, ...below] = layers.toReversed().filter(({ values }) => says(values, path));
  const value = top && valueAt(top.values, path);
  return {
    layer: top?.layer,
    // Only what differs is hidden: a layer that says the same again changes nothing.
    hides: below.map(({ layer, values }) => ({ layer, value: valueAt(values, path) })).filter((hidden) => !same(hidden.value, value)),
  };
}

/** Whether a layer says something of the value at a path: sets it, something within it, or takes what it lies in away. */
function says(values: Values, path: Path): boolean {
  let here: unknown = values;
  for (const key of path) {
    if (here === null) {
      return true;
    }
    if (!isMap(here) || !Object.hasOwn(here, key)) {
      return false;
    }
    here = here[key];
  }
  return !isMap(here) || Object.keys(here).length > 0;
}

/** The layers between chart and release, from what the server's preview tells of each value: groups by name, then the cluster. */
export function told(chart: Values, lines: readonly ValueLayer[] | undefined): Layers {
  const found = new Map<string, Values>();
  for (const { path, layer, value, hides } of lines ?? []) {
    for (const one of [{ layer, value }, ...hides]) {
      if (/^(group|cluster) /.test(one.layer)) {
        const values = found.get(one.layer) ?? {};
        put(values, readPath(path), one.value);
        found.set(one.layer, values);
      }
    }
  }
  const order = ({ layer }: Layer) => `${layer.startsWith("group ") ? 0 : 1}${layer}`;
  const between = [...found].map(([layer, values]): Layer => ({ layer, values })).toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  return [{ layer: "chart", values: chart }, ...between];
}

function put(values: Values, path: Path, value: unknown): void {
  let here = values;
  for (const [at, key] of path.entries()) {
    if (at === path.length - 1) {
      here[key] = value;
      return;
    }
    const below = here[key];
    const next: Values = isMap(below) ? below : {};
    here[key] = next;
    here = next;
  }
}

/** A default that is another in a newer chart. */
export interface ChangedDefault {
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before?: unknown;
  readonly after?: unknown;
  /** Whether the release says something else there anyway. */
  readonly overridden: boolean;
}

/** What two charts' defaults have different, and what of it the release's own values cover. */
export function changedDefaults(before: Values, after: Values, release: Values): readonly ChangedDefault[] {
  const found: ChangedDefault[] = [];
  const walk = (old: Values, now: Values, at: Path) => {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const path = [...at, key];
      const [was, is] = [old[key], now[key]];
      if (isMap(was) && isMap(is)) {
        walk(was, is, path);
      } else if (!same(was, is)) {
        const change = !Object.hasOwn(old, key) ? "added" : Object.hasOwn(now, key) ? "changed" : "removed";
        found.push({ path: pathText(path), change, before: was, after: is, overridden: says(release, path) });
      }
    }
  };
  walk(before, after, []);
  return found;
}
