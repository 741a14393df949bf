import type { LayerName, ValueLayer, Values } from "../../../api/charts";
import { pathText, readPath, type Path } from "./paths";

/* Values come in layers: what the chart says, what its group and its cluster say, what the release says. Maps are laid over each other key
 * by key; whatever else is replaced whole; null takes a key away. */

export type Layers = { readonly [L in LayerName]: Values };

export const LAYERS = ["chart", "group", "cluster", "release"] as const satisfies readonly LayerName[];

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

/** What holds without the release's own values. */
export const belowRelease = (layers: Layers): Values => laid(laid(layers.chart, layers.group), layers.cluster);

export const effective = (layers: Layers): Values => laid(belowRelease(layers), layers.release);

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
  readonly layer: LayerName | undefined;
  readonly hides: readonly { readonly layer: LayerName; readonly value: unknown }[];
}

/** Which layer a field has its value from: the uppermost that says anything of it. */
export function sourceOf(layers: Layers, path: Path): Source {
  const saying = LAYERS.toReversed().filter((layer) => says(layers[layer], path));
  const [layer, ...below] = saying;
  // Only what differs is hidden: a layer that says the same again changes nothing.
  const value = layer && valueAt(layers[layer], path);
  return {
    layer,
    hides: below.map((name) => ({ layer: name, value: valueAt(layers[name], path) })).filter((hidden) => !same(hidden.value, value)),
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

/** The layers between chart and release, from what the server's preview tells of each value. */
export function told(chart: Values, lines: readonly ValueLayer[] | undefined): Omit<Layers, "release"> {
  const found: { group: Values; cluster: Values } = { group: {}, cluster: {} };
  for (const { path, layer, value, hides } of lines ?? []) {
    for (const one of [{ layer, value }, ...(hides ?? [])]) {
      if (one.layer === "group" || one.layer === "cluster") {
        put(found[one.layer], readPath(path), one.value);
      }
    }
  }
  return { chart, ...found };
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
