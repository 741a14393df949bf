import { describe, expect, test } from "vitest";
import { commentsOf } from "./comments";
import { readValues } from "./document";
import { fieldsOf, found, isSecret, leaves, type FormField } from "./fields";

const none = new Map<string, string>();
const infer = (text: string) => fieldsOf(undefined, readValues(text).values, commentsOf(text));
const at = (fields: readonly FormField[], id: string) => leaves(fields).find((field) => field.id === id);

describe("without a schema, the defaults and their comments make the form", () => {
  const text = `# -- (int) How many pods
replicas: 1
image:
  # Where the image
  # comes from
  repository: example/web
  # tag: "1.0"
  tag: ""
  pull: true # whether to look for a newer one

## @param auth.password [string] What the administrator logs in with
auth:
  password: ""
  existingSecret: ""

# A heading of the file

# Only this paragraph
ratio: 0.5
tolerations: []
annotations: {}
extra: null
`;
  const fields = infer(text);

  test("types come from the values", () => {
    expect(leaves(fields).map(({ id, type }) => [id, type])).toEqual([
      ["replicas", "integer"],
      ["image.repository", "string"],
      ["image.tag", "string"],
      ["image.pull", "boolean"],
      ["auth.password", "string"],
      ["auth.existingSecret", "string"],
      ["ratio", "number"],
      ["tolerations", "array"],
      ["annotations", "object"],
      ["extra", "any"],
    ]);
  });

  test("descriptions come from the comments, without examples and hints", () => {
    const said = (id: string) => at(fields, id)?.description;
    expect(said("replicas")).toBe("How many pods");
    expect(said("image.repository")).toBe("Where the image comes from");
    expect(said("image.tag")).toBeUndefined();
    expect(said("image.pull")).toBe("whether to look for a newer one");
    expect(said("auth.password")).toBe("What the administrator logs in with");
    expect(said("ratio")).toBe("Only this paragraph");
  });

  test("passwords are known, names of secrets are none", () => {
    expect([at(fields, "auth.password")?.secret, at(fields, "auth.existingSecret")?.secret]).toEqual([true, false]);
    expect([isSecret(["tokenSecretName"]), isSecret(["apiKey"]), isSecret(["a", "clientSecret"])]).toEqual([false, true, true]);
  });
});

describe("a schema makes the form", () => {
  const schema = {
    $defs: { port: { type: "integer", minimum: 1, maximum: 65535, description: "A port" }, loop: { allOf: [{ $ref: "#/$defs/loop" }] } },
    type: "object",
    required: ["mode"],
    properties: {
      mode: { title: "Mode", enum: ["a", "b"] },
      level: { oneOf: [{ const: 1 }, { const: 2 }] },
      service: { type: "object", properties: { port: { $ref: "#/$defs/port" }, hidden: false } },
      maybe: { type: ["string", "null"] },
      either: { type: ["string", "integer"] },
      key: { type: "string", format: "password" },
      both: { allOf: [{ properties: { x: { type: "boolean" } } }, { properties: { y: { type: "string" } } }] },
      loop: { $ref: "#/$defs/loop" },
      free: {},
    },
  };
  const fields = fieldsOf(schema, { service: { port: 80 }, free: 3, unknown: true }, none);

  test("with types, choices, limits and what must be there", () => {
    expect(at(fields, "mode")).toMatchObject({ title: "Mode", type: "enum", options: ["a", "b"], required: true });
    expect(at(fields, "level")).toMatchObject({ type: "enum", options: [1, 2] });
    expect(at(fields, "service.port")).toMatchObject({ type: "integer", minimum: 1, maximum: 65535, description: "A port" });
    expect(at(fields, "service.hidden")).toBeUndefined();
    expect([at(fields, "maybe")?.type, at(fields, "either")?.type, at(fields, "key")?.secret]).toEqual(["string", "any", true]);
    expect([at(fields, "both.x")?.type, at(fields, "both.y")?.type]).toEqual(["boolean", "string"]);
  });

  test("and what it says nothing of is as the default is", () => {
    expect([at(fields, "unknown")?.type, at(fields, "free")?.type]).toEqual(["boolean", "integer"]);
  });

  test("and one that leads in circles ends", () => {
    expect(at(fields, "loop")).toBeDefined();
  });
});

test("a search keeps what leads to what it finds", () => {
  const fields = infer("a:\n  b:\n    c: 1\n    d: 2\ne: 3\n");
  expect(leaves(found(fields, ({ id }) => id.includes("c"))).map(({ id }) => id)).toEqual(["a.b.c"]);
  expect(found(fields, () => false)).toEqual([]);
});
