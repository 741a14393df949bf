/* Where a value lies within values: the keys that lead to it. */

export type Path = readonly string[];

/** A path as it is shown and as the server reads it: `controller.image.tag`; a dot within a key is `\\.`. */
export function pathText(path: Path): string {
  return path.map((key) => key.replace(/[\\.]/g, "\\$&")).join(".");
}

/** Reads a path as the server tells it: with dots and brackets, or with slashes as JSON pointers have. */
export function readPath(text: string): Path {
  if (text.startsWith("/")) {
    return text
      .slice(1)
      .split("/")
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return [...text.matchAll(/\[(\d+)\]|((?:[^.[\]\\]|\\.)+)/g)].map(([, index, key = ""]) => index ?? key.replace(/\\(.)/g, "$1"));
}

/** Whether `path` is `above` or lies below it. */
export const isWithin = (path: Path, above: Path) => above.length <= path.length && above.every((key, at) => path[at] === key);
