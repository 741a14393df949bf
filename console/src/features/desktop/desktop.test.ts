import { expect, test } from "vitest";
import { closeReason } from "./connection";
import { COMBINATIONS, JAPANESE, KEYS, keysymOf, press, typeText } from "./keys";
import { median } from "./latency";
import { levels } from "./preferences";

const typed = (text: string) => {
  const downs: number[] = [];
  typeText(text, (keysym, _, down) => down && downs.push(keysym));
  return downs;
};

test("characters become keysyms as X11 defines them", () => {
  expect(keysymOf(0x41)).toBe(0x41);
  expect(keysymOf(0xe9)).toBe(0xe9);
  expect(keysymOf(0x3042)).toBe(0x01003042); // あ
  expect(keysymOf(0x1f600)).toBe(0x0101f600);
  expect(keysymOf(0x07)).toBeUndefined();
});

test("a text is typed character by character, not by UTF-16 halves", () => {
  expect(typed("a𠮷\r\n")).toEqual([0x61, 0x01000000 + 0x20bb7, KEYS.Enter.keysym]);
});

test("keys are let go in the reverse order, every one", () => {
  for (const { id, keys } of [...COMBINATIONS, ...JAPANESE]) {
    const strokes: [number, boolean][] = [];
    press(keys, (keysym, _, down) => strokes.push([keysym, down]));
    const downs = strokes.filter(([, down]) => down).map(([keysym]) => keysym);
    const ups = strokes.filter(([, down]) => !down).map(([keysym]) => keysym);
    expect(ups, id).toEqual(downs.toReversed());
  }
});

test("the latency shown is the middle one, so a hiccup does not show", () => {
  expect(median([12, 900, 10])).toBe(12);
  expect(median([])).toBe(0);
});

test("a far desktop is sent lighter pictures, unless one chose", () => {
  expect(levels("auto", 200).quality).toBeLessThan(levels("auto", 5).quality);
  expect(levels("sharp", 200)).toEqual(levels("sharp", 5));
});

test("only the server's word that the right is gone stops the attempts", () => {
  expect(closeReason(4002)).toBe("Refused");
  expect(closeReason(1006)).toBe("Lost");
  expect(closeReason(1001)).toBe("ServerStopping");
});
