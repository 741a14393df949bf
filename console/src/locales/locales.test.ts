import { expect, test } from "vitest";
import { NAMESPACES } from "../app/i18n";
import { resources as en } from "./en";
import { resources as ja } from "./ja";

type Tree = { readonly [key: string]: string | Tree };

function texts(tree: Tree, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === "" ? key : `${path}.${key}`;
    if (typeof value === "string") {
      found.set(here, value);
    } else {
      for (const entry of texts(value, here)) {
        found.set(...entry);
      }
    }
  }
  return found;
}
const english = texts(en);
const japanese = texts(ja);
/** The end of a text that depends on how many: English tells one from many, Japanese does not (CLDR). */
const COUNTED = /_(zero|one|two|few|many|other)$/;
const keys = (all: Map<string, string>) => new Set([...all.keys()].map((key) => key.replace(COUNTED, "")));
const blanks = (text: string) => new Set(text.match(/\{\{\w+\}\}/g));

test("every noun is there in both languages", () => {
  expect(Object.keys(en)).toEqual([...NAMESPACES]);
  expect(Object.keys(ja)).toEqual([...NAMESPACES]);
});

test("both languages have the same texts", () => {
  expect([...keys(japanese)].toSorted()).toEqual([...keys(english)].toSorted());
});

test("no text is empty", () => {
  for (const [key, text] of [...english, ...japanese]) {
    expect(text.trim(), key).not.toBe("");
  }
});

test.each([
  ["en", english],
  ["ja", japanese],
])("counted texts have every form that %s tells apart, and no other", (language, all) => {
  // What is asked for is made of the key and the form (CLDR); a form that is missing would show as its key.
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
  const counted = Map.groupBy(
    [...all.keys()].filter((key) => COUNTED.test(key)),
    (key) => key.replace(COUNTED, ""),
  );
  for (const [key, found] of counted) {
    expect(found.map((form) => form.slice(key.length + 1)).toSorted(), key).toEqual(forms);
  }
});

test("a translation fills in what the original does", () => {
  for (const [key, text] of japanese) {
    const original = english.get(key);
    if (original !== undefined) {
      // A plural may name the first of many in one language only.
      const wanted = new Set([...blanks(original), ...blanks(english.get(key.replace(/_other$/, "_one")) ?? "")]);
      expect(wanted, key).toEqual(new Set([...wanted, ...blanks(text)]));
    }
  }
});
