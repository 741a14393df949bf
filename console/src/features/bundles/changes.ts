import type { KubernetesObject } from "../../api/types";

/** What became of an object between two versions. */
export interface Change {
  readonly object: string;
  readonly what: "added" | "removed" | "changed";
}

/** An object by what makes it the same one in another version, whatever version of its API it is written in: group, kind, namespace, name. */
function identity({ apiVersion = "", kind = "", metadata = {} }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? apiVersion.replace(/\/[^/]*$/, "") : "";
  return JSON.stringify([group, kind, metadata.namespace ?? "", metadata.name ?? ""]);
}

/** An object as people and Kubernetes' messages name it: `ConfigMap web/settings`. */
export const nameOf = ({ kind = "?", metadata = {} }: KubernetesObject) => `${kind} ${[metadata.namespace, metadata.name].filter(Boolean).join("/")}`;

/** The objects that came, went or became different, in the order they have. */
export function changes(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): readonly Change[] {
  const old = new Map(before.map((object) => [identity(object), object]));
  const now = new Set(after.map(identity));
  return [
    ...after.flatMap((object): Change[] => {
      const was = old.get(identity(object));
      if (was === undefined) {
        return [{ object: nameOf(object), what: "added" }];
      }
      return same(was, object) ? [] : [{ object: nameOf(object), what: "changed" }];
    }),
    ...before.filter((object) => !now.has(identity(object))).map((object): Change => ({ object: nameOf(object), what: "removed" })),
  ];
}

/** Whether two values of JSON are the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  const [x, y] = [Object.entries(a), b as Record<string, unknown>];
  return x.length === Object.keys(y).length && x.every(([key, value]) => Object.hasOwn(y, key) && same(value, y[key]));
}
