import type { components } from "./schema";

/* Charts, what is made of them, and what a release would be, as the server describes them. A value of any kind is described as an object. */

type Schemas = components["schemas"];

export type Values = { [key: string]: unknown };

export type ChartLine = Schemas["ChartLine"];
export type ChartVersionLine = Schemas["ChartVersionLine"];
export type ChartDetail = Omit<Schemas["ChartDetail"], "schema"> & { readonly schema?: object | null };

type Valued<T> = Omit<T, "value"> & { readonly value: unknown };
export type HiddenValue = Valued<Schemas["HiddenValue"]>;
/** Where a value comes from, and what lies beneath it, the nearest first. */
export type ValueLayer = Omit<Valued<Schemas["ValueLayer"]>, "hides"> & { readonly hides: readonly HiddenValue[] };

export type PreviewDocument = Schemas["PreviewDocument"];
export type PreviewChange = Schemas["PreviewChange"];
export type PreviewError = Schemas["PreviewError"];
export type SchemaError = Schemas["SchemaError"];
export type Preview = Omit<Schemas["Preview"], "layers"> & { readonly layers: readonly ValueLayer[] };
export type ReleaseValues = Omit<Schemas["ReleaseValues"], "layers" | "values"> & { readonly layers: readonly ValueLayer[]; readonly values: Values };
