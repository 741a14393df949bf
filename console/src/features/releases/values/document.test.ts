import { describe, expect, test } from "vitest";
import { lineOf, readValues, reduced, repeated, resetValue, setValue, writeValues } from "./document";

const BELOW = { replicas: 1, image: { tag: "1.0", pull: true }, list: [1, 2], empty: {} };

describe("a field of the form changes the text", () => {
  test("and keeps comments, order and what others wrote", () => {
    const text = "# ours\nzeta: 1 # last\nimage:\n  # why\n  tag: '2.0'\n";
    const next = setValue(text, ["image", "pull"], false, BELOW);
    expect(next).toBe("# ours\nzeta: 1 # last\nimage:\n  # why\n  tag: '2.0'\n  pull: false\n");
    expect(resetValue(next, ["image", "pull"])).toBe(text);
  });

  test("and says nothing where the layers below say the same", () => {
    expect(setValue("", ["replicas"], 3, BELOW)).toBe("replicas: 3\n");
    expect(setValue("replicas: 3\n", ["replicas"], 1, BELOW)).toBe("");
    expect(setValue("", ["list"], [1, 2], BELOW)).toBe("");
    expect(setValue("image:\n  tag: b\n", ["image", "tag"], "1.0", BELOW)).toBe("");
  });

  test("and makes the maps that lead to it, over what is none", () => {
    expect(setValue("a: 1\n", ["a", "b", "c"], "x", {})).toBe("a:\n  b:\n    c: x\n");
    expect(readValues(setValue("", ["nodeSelector", "kubernetes.io/os"], "linux", {})).values).toEqual({ nodeSelector: { "kubernetes.io/os": "linux" } });
  });

  test("and null takes away what is below, which is no nothing", () => {
    expect(readValues(setValue("", ["image"], null, BELOW)).values).toEqual({ image: null });
  });

  test("and a text that is left empty keeps its own comment, not the value's", () => {
    expect(resetValue("# many\nreplicas: 3\n", ["replicas"])).toBe("");
    expect(resetValue("# for later\n\nreplicas: 3\n", ["replicas"])).toBe("# for later\n");
  });

  test("and resetting what nothing is said of changes no letter", () => {
    const odd = "a:   {b:   1}\n";
    expect(resetValue(odd, ["c"])).toBe(odd);
  });
});

describe("reading", () => {
  test("is as Helm's: yes is true, times and dates are texts", () => {
    expect(readValues("a: yes\nb: 12:30\nc: 2026-01-01\nd: 010\n").values).toEqual({ a: true, b: "12:30", c: "2026-01-01", d: 8 });
  });

  test("says on which line it ends", () => {
    expect(readValues("a: 1\nb: [\n").fault?.line).toBe(3);
    expect(readValues("- a\n").fault).toBeDefined();
    expect(readValues("").values).toEqual({});
    expect(readValues("# only words\n").fault).toBeUndefined();
  });

  test("refuses a text that grows without end", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]", ...["b", "c", "d", "e", "f"].map((key, at) => `${key}: &${key} [${Array(10).fill(`*${"abcde"[at]}`).join(",")}]`)].join("\n");
    expect(readValues(bomb).fault).toBeDefined();
  });
});

describe("only what differs is kept", () => {
  const whole = "# copied\n\nreplicas: 1\nimage:\n  tag: '2.0' # ours\n  pull: true\nlist: [1, 2]\nempty: {}\nnew: {}\n";

  test("of a whole values.yaml that somebody pasted", () => {
    expect(reduced(whole, BELOW)).toBe("# copied\n\nimage:\n  tag: '2.0' # ours\nnew: {}\n");
    expect(repeated(readValues(whole).values, BELOW).map((path) => path.join("."))).toEqual(["replicas", "image.pull", "list", "empty"]);
  });

  test("and what cannot be read stays as it is", () => {
    expect(reduced("a: [", BELOW)).toBe("a: [");
  });

  test("a list that differs in one entry stays whole", () => {
    expect(reduced("list: [1, 3]\n", BELOW)).toBe("list: [1, 3]\n");
  });
});

test("values are written so that they read back the same", () => {
  const values = { a: "yes", b: "12:30", c: null, d: ["x"], e: { "k.l": "010" } };
  expect(readValues(writeValues(values)).values).toEqual(values);
  expect(writeValues({})).toBe("");
});

test("a path leads to its line, or to the nearest above it", () => {
  const text = "# c\na:\n  b:\n    - x\n  c: 1\n";
  expect(lineOf(text, ["a", "c"])).toBe(5);
  expect(lineOf(text, ["a", "b", "0"])).toBe(3);
  expect(lineOf(text, ["z"])).toBeUndefined();
});
