import { expect, test } from "vitest";
import { relativeTime } from "./Age";
import { matches } from "./ListToolbar";
import { bytes, cpus, quantity } from "./quantity";

test("Kubernetes quantities are read as Kubernetes reads them", () => {
  expect(quantity("500m")).toBe(0.5);
  expect(quantity("3Gi")).toBe(3 * 1024 ** 3);
  expect(quantity("2G")).toBe(2e9);
  expect(quantity("1.5")).toBe(1.5);
  for (const bad of ["", "Gi", "3 Gi", "-1", "3gi", "1e", "abc"]) {
    expect(quantity(bad), bad).toBeUndefined();
  }
});

test("amounts are shown as people write them, and what is none as it is", () => {
  expect(bytes("5Gi", "en")).toBe("5 GiB");
  expect(bytes("1536Mi", "en")).toBe("1.5 GiB");
  expect(cpus("250m", "en")).toBe("0.25");
  expect(bytes("lots", "en")).toBe("lots");
});

test("times are told in the reader's language", () => {
  expect(relativeTime(0, 180_000, "en")).toBe("3 minutes ago");
  expect(relativeTime(0, 180_000, "ja")).toBe("3 分前");
});

test("a search finds whatever the case or width of its letters", () => {
  expect(matches("ＪＡＶＡ", "team-java")).toBe(true);
  expect(matches("  ", "anything")).toBe(true);
  expect(matches("python", "java", undefined)).toBe(false);
});
