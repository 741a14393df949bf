import type { Values } from "../../../api/charts";
import { isMap } from "./layers";
import { pathText, type Path } from "./paths";

/* The form that a chart's values have: one field for each, from values.schema.json where the chart has one, and from what its defaults are. */

export type FieldType = "string" | "integer" | "number" | "boolean" | "enum" | "object" | "array" | "any";

export interface FormField {
  readonly path: Path;
  /** The path as it is shown and searched for. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly type: FieldType;
  readonly options?: readonly unknown[];
  /** Whether it holds something that others must not read. */
  readonly secret?: boolean;
  readonly required?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  /** An object's fields; one without is typed as YAML. */
  readonly children?: readonly FormField[];
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: { readonly [key: string]: Schema | boolean };
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly writeOnly?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** References followed one after the other, and objects within objects: more is a schema that leads in circles. */
const DEPTH = 24;

/** The fields of a chart: what the schema says, and for what it leaves out, what the defaults are. Descriptions that it lacks are the comments'. */
export function fieldsOf(schema: unknown, defaults: Values, comments: ReadonlyMap<string, string>): readonly FormField[] {
  const root = isMap(schema) ? (schema as Schema) : undefined;
  return root ? fromSchema(root, root, defaults, [], comments, 0) : fromValues(defaults, [], comments);
}

const described = (comments: ReadonlyMap<string, string>, path: Path) => comments.get(pathText(path));

/** A field without what is made of its type. */
function base(path: Path, comments: ReadonlyMap<string, string>): Omit<FormField, "type"> {
  const id = pathText(path);
  return { path, id, title: path.at(-1) ?? "", description: described(comments, path) };
}

function fromValues(values: Values, at: Path, comments: ReadonlyMap<string, string>): readonly FormField[] {
  return Object.entries(values).map(([key, value]) => fromValue([...at, key], value, comments));
}

function fromValue(path: Path, value: unknown, comments: ReadonlyMap<string, string>): FormField {
  const field = base(path, comments);
  switch (typeof value) {
    case "string":
      return { ...field, type: "string", secret: isSecret(path) };
    case "boolean":
      return { ...field, type: "boolean" };
    case "number":
      return { ...field, type: Number.isInteger(value) ? "integer" : "number" };
    default:
      if (Array.isArray(value)) {
        return { ...field, type: "array" };
      }
      if (isMap(value)) {
        return Object.keys(value).length === 0 ? { ...field, type: "object" } : { ...field, type: "object", children: fromValues(value, path, comments) };
      }
      // Null says nothing of what may stand there.
      return isSecret(path) ? { ...field, type: "string", secret: true } : { ...field, type: "any" };
  }
}

function fromSchema(root: Schema, schema: Schema, defaults: unknown, at: Path, comments: ReadonlyMap<string, string>, depth: number): readonly FormField[] {
  const known = isMap(defaults) ? defaults : {};
  const properties = schema.properties ?? {};
  const keys = [...new Set([...Object.keys(known), ...Object.keys(properties)])];
  return keys
    .filter((key) => properties[key] !== false)
    .map((key) => {
      const path = [...at, key];
      const given = properties[key];
      const value = known[key];
      if (given === undefined || given === true || depth >= DEPTH) {
        return fromValue(path, value, comments);
      }
      return fromProperty(root, resolve(root, given as Schema), value, path, comments, schema.required?.includes(key) === true, depth);
    });
}

function fromProperty(
  root: Schema,
  schema: Schema,
  value: unknown,
  path: Path,
  comments: ReadonlyMap<string, string>,
  required: boolean,
  depth: number,
): FormField {
  const plain = base(path, comments);
  const field = {
    ...plain,
    title: schema.title ?? plain.title,
    description: schema.description ?? plain.description,
    ...(required ? { required } : {}),
    minimum: schema.minimum,
    maximum: schema.maximum,
    pattern: schema.pattern,
  };
  const options = choices(root, schema);
  if (options) {
    return { ...field, type: "enum", options };
  }
  const type = typeOf(schema, value);
  switch (type) {
    case "object": {
      const children = fromSchema(root, schema, value, path, comments, depth + 1);
      return children.length === 0 ? { ...field, type } : { ...field, type, children };
    }
    case "string":
      return { ...field, type, secret: schema.format === "password" || schema.writeOnly === true || isSecret(path) };
    default:
      return { ...field, type };
  }
}

/** The one type that values here have; "any" where several are possible. */
function typeOf(schema: Schema, value: unknown): FieldType {
  const types = (typeof schema.type === "string" ? [schema.type] : (schema.type ?? [])).filter((type) => type !== "null");
  const [only] = types;
  if (types.length === 1 && only !== undefined) {
    return (["string", "integer", "number", "boolean", "object", "array"] as const).find((type) => type === only) ?? "any";
  }
  if (types.length > 1) {
    return types.every((type) => type === "integer" || type === "number") ? "number" : "any";
  }
  if (schema.properties) {
    return "object";
  }
  return schema.anyOf || schema.oneOf ? "any" : fromValue([""], value, new Map()).type;
}

/** What may be chosen, where that is a list: an enum, or one constant after the other. */
function choices(root: Schema, schema: Schema): readonly unknown[] | undefined {
  if (schema.enum && schema.enum.length > 0) {
    return schema.enum;
  }
  const constants = (schema.oneOf ?? schema.anyOf)?.map((one) => resolve(root, one));
  return constants && constants.length > 0 && constants.every((one) => Object.hasOwn(one, "const")) ? constants.map((one) => one.const) : undefined;
}

/** A schema with what it refers to within the document, and with all that must hold as one. */
function resolve(root: Schema, schema: Schema, depth = 0): Schema {
  if (depth > DEPTH) {
    return {};
  }
  const { $ref, allOf, ...own } = schema;
  let result: Schema = own;
  if ($ref?.startsWith("#")) {
    let target: unknown = root;
    for (const key of $ref.slice(1).split("/").filter(Boolean)) {
      target = isMap(target) ? target[decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
    }
    result = isMap(target) ? { ...resolve(root, target as Schema, depth + 1), ...own } : own;
  }
  for (const part of allOf ?? []) {
    const more = resolve(root, part, depth + 1);
    result = {
      ...more,
      ...result,
      ...(more.properties || result.properties ? { properties: { ...more.properties, ...result.properties } } : {}),
      ...(more.required || result.required ? { required: [...(more.required ?? []), ...(result.required ?? [])] } : {}),
    };
  }
  return result;
}

/** Whether what is called so is a password or a key. `existingSecret`, `secretName` and the like name where one is, and are none. */
export function isSecret(path: Path): boolean {
  const key = path.at(-1) ?? "";
  return /(password|passwd|passphrase|token|secret|secretkey|apikey|api_key|privatekey|accesskey)$/i.test(key) && !/existing/i.test(key);
}

/** All fields that hold a value of their own, objects' fields among them. */
export function leaves(fields: readonly FormField[]): readonly FormField[] {
  return fields.flatMap((field) => (field.children ? leaves(field.children) : [field]));
}

/** The fields that a search finds, with the objects that lead to them; an object that is found comes with all it has. */
export function found(fields: readonly FormField[], wanted: (field: FormField) => boolean): readonly FormField[] {
  return fields.flatMap((field) => {
    if (!field.children) {
      return wanted(field) ? [field] : [];
    }
    const children = found(field.children, wanted);
    return children.length > 0 ? [{ ...field, children }] : wanted(field) ? [field] : [];
  });
}
