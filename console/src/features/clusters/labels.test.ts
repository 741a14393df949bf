import { expect, test } from "vitest";
import { labelsAsText, labelsFromText } from "./labels";

test("labels go through the text unchanged", () => {
  const labels = { team: "java", "example.com/tier": "a.b_c-1", flag: "" };
  expect(labelsFromText(`\n  ${labelsAsText(labels)}  \n`)).toEqual({ labels });
});

test.each(["team", "=java", "-a=b", "a=b c", "a=-b", `a=${"x".repeat(64)}`, "a/b/c=d"])("%j is no label", (line) => {
  expect(labelsFromText(`ok=1\n${line}`)).toEqual({ labels: { ok: "1" }, bad: line });
});
