/* Label selectors as kubectl's `-l` takes them, by the rules of crates/api/src/selector.rs: what is selected here while somebody types is
 * what the server selects once it is saved. Its tests are mirrored in selector.test.ts. */

export type Labels = Readonly<Record<string, string>>;

/** Whether an object with these labels is selected. */
export type Selector = (labels: Labels) => boolean;

/** Reads a selector; `undefined` for what is none. An empty one selects everything. */
export function parseSelector(text: string): Selector | undefined {
  if (text.trim() === "") {
    return () => true;
  }
  const requirements = split(text).map(requirement);
  return requirements.includes(undefined) ? undefined : (labels) => requirements.every((holds) => holds?.(labels));
}

/** Splits at commas outside parentheses. */
function split(text: string): string[] {
  const parts: string[] = [];
  let [part, depth] = ["", 0];
  for (const c of text) {
    if (c === "," && depth === 0) {
      parts.push(part);
      part = "";
      continue;
    }
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    part += c;
  }
  return [...parts, part];
}

function requirement(whole: string): Selector | undefined {
  const text = whole.trim();
  if (text.startsWith("!")) {
    const name = key(text.slice(1));
    return name === undefined ? undefined : (labels) => !Object.hasOwn(labels, name);
  }
  for (const [word, make] of [
    [" notin ", noneOf],
    [" in ", oneOf],
  ] as const) {
    const parts = splitOnce(text, word);
    if (parts) {
      return make(key(parts[0]), set(parts[1]));
    }
  }
  for (const [word, make] of [
    ["!=", noneOf],
    ["==", oneOf],
    ["=", oneOf],
  ] as const) {
    const parts = splitOnce(text, word);
    if (parts) {
      const one = value(parts[1]);
      return make(key(parts[0]), one === undefined ? undefined : [one]);
    }
  }
  const name = key(text);
  return name === undefined ? undefined : (labels) => Object.hasOwn(labels, name);
}

function oneOf(name: string | undefined, values: readonly string[] | undefined): Selector | undefined {
  return name === undefined || values === undefined ? undefined : (labels) => Object.hasOwn(labels, name) && values.includes(labels[name] ?? "");
}

/** As in Kubernetes: an object without the key is "not in" too. */
function noneOf(name: string | undefined, values: readonly string[] | undefined): Selector | undefined {
  const one = oneOf(name, values);
  return one && ((labels) => !one(labels));
}

function splitOnce(text: string, at: string): readonly [string, string] | undefined {
  const found = text.indexOf(at);
  return found < 0 ? undefined : [text.slice(0, found), text.slice(found + at.length)];
}

function key(text: string): string | undefined {
  const name = text.trim();
  return /^[A-Za-z0-9_./-]+$/.test(name) ? name : undefined;
}

function value(text: string): string | undefined {
  const one = text.trim();
  return /^[A-Za-z0-9_.-]*$/.test(one) ? one : undefined;
}

function set(text: string): readonly string[] | undefined {
  const inner = /^\((?<values>.*)\)$/s.exec(text.trim())?.groups?.values;
  const values = inner?.split(",").map(value);
  return values?.some((one) => one === undefined) ? undefined : (values as readonly string[] | undefined);
}
