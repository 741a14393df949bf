import { isMap, isSeq, LineCounter, parseAllDocuments, parseDocument, stringify, type Document, type Node, type ParsedNode } from "yaml";
import type { Bundle, KubernetesObject } from "../../api/types";

/* A bundle's contents as one writes them: the objects as a file for kubectl, one document each, so that what is at hand can be pasted; and
 * what is different or left to others in a second text. Both are read back with the line of whatever is wrong. */

type Extras = Pick<Bundle["spec"], "overrides" | "ignore">;

/** What is wrong with a text, and in which line, counted from 1. */
export interface Fault {
  readonly line: number;
  readonly message: string;
}

const WRITE = { lineWidth: 120 } as const;

export const objectsAsText = (objects: readonly object[]) => objects.map((object) => stringify(object, WRITE)).join("---\n");

export function extrasAsText({ overrides, ignore }: Extras): string {
  const extras = { ...(overrides?.length ? { overrides } : {}), ...(ignore?.length ? { ignore } : {}) };
  return Object.keys(extras).length === 0 ? "" : stringify(extras, WRITE);
}

/** Documents that say something: an empty one, or only a comment, is none. */
function documents(text: string): { readonly docs: readonly Document.Parsed<ParsedNode>[]; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const docs = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  return { docs: Array.isArray(docs) ? docs.filter((doc) => doc.errors.length > 0 || (doc.contents && doc.toJS() !== null)) : [], lines };
}

function faultsOf(doc: Document.Parsed<ParsedNode>, lines: LineCounter): readonly Fault[] {
  return doc.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
}

/** The objects in a text of one or more documents. */
export function objectsFromText(text: string): { readonly objects: KubernetesObject[]; readonly faults: readonly Fault[] } {
  const { docs, lines } = documents(text);
  const faults = docs.flatMap((doc) => faultsOf(doc, lines));
  return { objects: faults.length > 0 ? [] : docs.map((doc) => doc.toJS() as KubernetesObject), faults };
}

/** Overrides and ignore rules in a text; `unknown` is a key that is neither. */
export function extrasFromText(text: string): Extras & { readonly faults: readonly Fault[]; readonly unknown?: string } {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = faultsOf(doc as Document.Parsed<ParsedNode>, lines);
  const extras = faults.length > 0 ? null : (doc.toJS() as unknown);
  if (extras === null || extras === undefined) {
    return { faults };
  }
  if (typeof extras !== "object" || Array.isArray(extras)) {
    return { faults, unknown: text.trim().split("\n")[0] };
  }
  const { overrides, ignore, ...others } = extras as Extras;
  return { overrides, ignore, faults, unknown: Object.keys(others)[0] };
}

/** The parts of a field's path: `spec.objects[0].metadata.labels["a.b"]` are spec, objects, 0, metadata, labels, a.b. */
export function pathOf(field: string): readonly (string | number)[] {
  const parts = field.matchAll(/\["(?<quoted>[^"]*)"\]|\[(?<index>\d+)\]|(?<key>[^.[\]]+)/g);
  return [...parts].map(({ groups = {} }) => (groups.index === undefined ? (groups.quoted ?? groups.key ?? "") : Number(groups.index)));
}

/** Where a field of the server's finding stands: in the text of objects or that of extras, and the nearest line that is there. */
export function placeOf(field: string, objects: string, extras: string): { readonly text: "objects" | "extras"; readonly line: number } | undefined {
  const [spec, part, index, ...path] = pathOf(field);
  if (spec !== "spec") {
    return undefined;
  }
  if (part === "objects") {
    const { docs, lines } = documents(objects);
    const doc = typeof index === "number" ? docs[index] : undefined;
    return { text: "objects", line: doc ? lineOf(doc, path, lines) : 1 };
  }
  if (part === "overrides" || part === "ignore") {
    const lines = new LineCounter();
    const doc = parseDocument(extras, { lineCounter: lines }) as Document.Parsed<ParsedNode>;
    return { text: "extras", line: lineOf(doc, [part, ...(index === undefined ? [] : [index]), ...path], lines) };
  }
  return undefined;
}

function lineOf(doc: Document.Parsed<ParsedNode>, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = doc.contents;
  let at = (node as Node | null)?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String((key as { value?: unknown }).value) === String(part));
      at = (pair?.key as Node | undefined)?.range?.[0] ?? at;
      node = pair?.value;
    } else if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      at = (node as Node | undefined)?.range?.[0] ?? at;
    } else {
      break;
    }
  }
  return lines.linePos(at).line;
}
