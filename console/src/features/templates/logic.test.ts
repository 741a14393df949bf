import { expect, test } from "vitest";
import type { Template } from "../../api/types";
import { EMPTY_FORM, fromForm, toForm } from "./logic";

const template: Template = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Template",
  metadata: { name: "java", team: "java", resourceVersion: "7", labels: { tier: "a" } },
  spec: {
    displayName: "Java",
    image: "java",
    resources: { cpu: "500m", memory: "1Gi", memoryLimit: "2Gi" },
    homeSize: "5Gi",
    ports: [{ name: "desktop", port: 5901, protocol: "rfb" }],
    environment: { A: "1", B: "x=y" },
  },
};

test("a template goes through the form unchanged, with what the form does not show", () => {
  expect(JSON.parse(JSON.stringify(fromForm(toForm(template), template)))).toEqual(template);
});

test("what is left empty is left out, so that the server's defaults hold", () => {
  const made = JSON.parse(JSON.stringify(fromForm({ ...EMPTY_FORM, name: "a", image: "java" }))) as Template;
  expect(made.spec.resources).toEqual({ cpu: "250m", memory: "1Gi" });
  expect(made.spec).not.toHaveProperty("environment");
  expect(made.metadata).toEqual({ name: "a" });
});

test("a value may hold an equals sign", () => {
  expect(fromForm({ ...EMPTY_FORM, environment: "JAVA_OPTS=-Da=b\n\n  C= \n" }).spec.environment).toEqual({ JAVA_OPTS: "-Da=b", C: "" });
});
