import { isMap, isScalar, parseDocument, type Node } from "yaml";
import { pathText, type Path } from "./paths";

/* What a chart's author wrote above the defaults. Two conventions are known beside plain comments: `# -- text` (helm-docs) and
 * `@param path text` (the generator of readmes that many charts use). */

/** What the comments of a values.yaml say of each value, by its path. */
export function commentsOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n");
  const starts = [0];
  for (const line of lines) {
    starts.push((starts.at(-1) ?? 0) + line.length + 1);
  }
  const lineAt = (offset: number) => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  };
  const found = new Map<string, string>();
  const walk = (node: Node | null, at: Path) => {
    if (!isMap(node)) {
      return;
    }
    for (const { key, value } of node.items) {
      if (!isScalar(key) || !key.range) {
        continue;
      }
      const path = [...at, String(key.value)];
      const line = lineAt(key.range[0]);
      const above = commentAbove(lines, line);
      const said = above || beside(value);
      if (said) {
        found.set(pathText(path), said);
      }
      walk(value as Node | null, path);
    }
  };
  walk(parseDocument(text).contents, []);
  for (const [path, said] of parameters(lines)) {
    found.set(path, said);
  }
  return found;
}

/** The comment on a value's own line. */
function beside(value: unknown): string {
  return isScalar(value) && value.comment ? tidy([value.comment]) : "";
}

/** The comment right above a line, as deep as the line itself; what is an example of YAML in it is left out. */
function commentAbove(lines: readonly string[], line: number): string {
  const depth = indent(lines[line] ?? "");
  const taken: string[] = [];
  for (let at = line - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? "";
    if (!/^\s*#/.test(text) || indent(text) !== depth) {
      break;
    }
    taken.unshift(text.trim());
  }
  return tidy(taken);
}

function tidy(comments: readonly string[]): string {
  let texts = comments.map((comment) => comment.replace(/^#+ ?/, "").trimEnd());
  const docs = texts.findLastIndex((text) => /^\s*--\s/.test(text));
  if (docs >= 0) {
    // A type in brackets and hints for the generator are no text.
    texts = texts.slice(docs).map((text, at) => (at === 0 ? text.replace(/^\s*--\s+(\([\w/]+\)\s*)?/, "") : text));
    texts = texts.filter((text) => !/^\s*@/.test(text));
  } else {
    const blank = texts.findLastIndex((text) => text.trim() === "");
    texts = texts.slice(blank + 1).filter((text) => !isExample(text) && !/^\s*@/.test(text) && !/^\W*$/.test(text));
  }
  return texts
    .map((text) => text.trim())
    .join(" ")
    .trim();
}

/** Whether a comment's line is YAML that was commented out: a key with nothing or one word after it, or an entry of a list that is such. */
const isExample = (text: string) => /^\s*(-\s+)?["']?[\w./-]+["']?:(\s+\S+)?\s*$/.test(text) || /^\s*-\s+\S+\s*$/.test(text);

const indent = (text: string) => text.length - text.trimStart().length;

/** What `@param path [types] text` says, wherever it stands. */
function* parameters(lines: readonly string[]): Iterable<readonly [string, string]> {
  for (const line of lines) {
    const [, path, said] = /^\s*#+\s*@param\s+(\S+)\s+(?:\[[^\]]*\]\s*)?(.*\S)\s*$/.exec(line) ?? [];
    if (path !== undefined && said !== undefined) {
      yield [path, said];
    }
  }
}
