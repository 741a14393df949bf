/* Where a value lies within values: the keys that lead to it. */

export type Path = readonly string[];

/** A path as people read and the server tells it: `controller.image.tag`; keys with dots or odd signs in quotes, entries of lists in brackets. */
export function pathText(path: Path): string {
  return path
    .map((key, at) => (/^[\w-]+$/.test(key) ? `${at === 0 ? "" : "."}${key}` : `${at === 0 ? "" : "."}"${key.replaceAll('"', '\\"')}"`))
    .join("");
}

/** Reads a path as the server tells it: with dots and brackets, or with slashes as JSON pointers have. */
export function readPath(text: string): Path {
  if (text.startsWith("/")) {
    return text
      .slice(1)
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  const keys: string[] = [];
  for (const [, quoted, index, plain] of text.matchAll(/"((?:[^"\\]|\\.)*)"|\[(\d+)\]|([^.[\]"]+)/g)) {
    keys.push(quoted === undefined ? (index ?? plain ?? "") : quoted.replaceAll('\\"', '"'));
  }
  return keys[0] === "$" || keys[0] === "values" && text.startsWith("values.") ? keys.slice(1) : keys;
}

/** Whether `path` is `above` or lies below it. */
export const isWithin = (path: Path, above: Path) => above.length <= path.length && above.every((key, at) => path[at] === key);
