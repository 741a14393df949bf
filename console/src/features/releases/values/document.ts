import { Document, isMap as isMapNode, parseDocument, type DocumentOptions, type ParseOptions, type SchemaOptions, type Tags, type YAMLMap } from "yaml";
import type { Values } from "../../../api/charts";
import { isMap, same, valueAt } from "./layers";
import type { Path } from "./paths";

/* A release's own values, as a text of YAML. The text is the one state that form, editor and difference show and change: a form's change is made in
 * the parsed document and written back, so that comments and order stay. */

/** As Helm reads values: YAML 1.1, where yes and no are booleans, but neither times of day nor dates are anything but texts. */
export const READ = {
  schema: "yaml-1.1",
  customTags: (tags: Tags) => tags.filter((tag) => typeof tag === "string" || (tag.format !== "TIME" && !tag.tag.endsWith("timestamp"))),
} satisfies ParseOptions & DocumentOptions & SchemaOptions;
const WRITE = { lineWidth: 0, flowCollectionPadding: false } as const;

export interface Read {
  readonly values: Values;
  /** Why the text is no values; then `values` is empty. */
  readonly fault?: { readonly message: string; readonly line: number };
}

/** What a text of values says. */
export function readValues(text: string): Read {
  const document = parseDocument(text, READ);
  const [error] = document.errors;
  if (error) {
    return { values: {}, fault: { message: error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? "", line: error.linePos?.[0].line ?? 1 } };
  }
  try {
    const values: unknown = document.toJS({ maxAliasCount: 1000 });
    if (values === null || values === undefined) {
      return { values: {} };
    }
    return isMap(values) ? { values } : { values: {}, fault: { message: "", line: 1 } };
  } catch (cause) {
    return { values: {}, fault: { message: cause instanceof Error ? cause.message : String(cause), line: 1 } };
  }
}

export function writeValues(values: Values): string {
  return Object.keys(values).length === 0 ? "" : new Document(values, READ).toString(WRITE);
}

/** The document of a text whose top is a map; a new one where there is nothing. */
function open(text: string): Document {
  const document = parseDocument(text, READ) as Document;
  if (!isMapNode(document.contents)) {
    document.contents = document.createNode({});
  }
  return document;
}

function print(document: Document): string {
  const top = document.contents as YAMLMap;
  if (top.items.length > 0) {
    return document.toString(WRITE);
  }
  // Nothing is left but perhaps comments: an empty map would be written as {}.
  const comments = [document.commentBefore, top.commentBefore, top.comment, document.comment].filter(Boolean);
  return comments.map((comment) => `${String(comment).replace(/^/gm, "#")}\n`).join("\n");
}

/** The text with the value at a path set; where layers below say the same, with nothing there. */
export function setValue(text: string, path: Path, value: unknown, below: Values): string {
  if (value === undefined || same(value, valueAt(below, path))) {
    return resetValue(text, path);
  }
  const document = open(text);
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = path.slice(0, depth);
    if (!isMapNode(document.getIn(parent, true))) {
      document.setIn(parent, document.createNode({}));
    }
  }
  document.setIn(path, document.createNode(value));
  return print(document);
}

/** The text without what it says at a path, and without maps that this leaves empty. */
export function resetValue(text: string, path: Path): string {
  const document = open(text);
  if (!document.hasIn(path)) {
    return text;
  }
  document.deleteIn(path);
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth), true);
    if (!isMapNode(parent) || parent.items.length > 0) {
      break;
    }
    document.deleteIn(path.slice(0, depth));
  }
  return print(document);
}

/** Where a text repeats what layers below say anyway. */
export function repeated(values: Values, below: Values): readonly Path[] {
  const found: Path[] = [];
  const walk = (here: Values, under: unknown, at: Path) => {
    for (const [key, value] of Object.entries(here)) {
      const path = [...at, key];
      const known = isMap(under) && Object.hasOwn(under, key);
      const beneath = known ? under[key] : undefined;
      if (isMap(value) && isMap(beneath)) {
        if (Object.keys(value).length === 0) {
          found.push(path);
        } else {
          walk(value, beneath, path);
        }
      } else if (known && same(value, beneath)) {
        found.push(path);
      }
    }
  };
  walk(values, below, []);
  return found;
}

/** The text with only what differs from the layers below. */
export function reduced(text: string, below: Values): string {
  const { values, fault } = readValues(text);
  return fault ? text : repeated(values, below).reduce(resetValue, text);
}

/** The line, counted from 1, on which a path's value stands in a text; the nearest thing above it where itself does not. */
export function lineOf(text: string, path: Path): number | undefined {
  const document = parseDocument(text, READ);
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    if (isMapNode(parent)) {
      const pair = parent.items.find((item) => String((item.key as { value?: unknown })?.value) === path[depth - 1]);
      const start = (pair?.key as { range?: readonly number[] } | undefined)?.range?.[0];
      if (start !== undefined) {
        return text.slice(0, start).split("\n").length;
      }
    }
  }
  return undefined;
}
