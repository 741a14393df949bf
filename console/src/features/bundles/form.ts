import type { Bundle, Cluster, Group } from "../../api/types";
import { selected } from "../groups/logic";
import { parseSelector } from "../groups/selector";
import { extrasAsText, extrasFromText, objectsAsText, objectsFromText } from "./contents";
import { MESSAGE } from "./logic";

/** The fields of the form, as typed. */
export interface BundleForm {
  readonly name: string;
  readonly groups: readonly string[];
  readonly each: "Cluster" | "Team";
  readonly objects: string;
  readonly extras: string;
  /** A number of clusters, or a part such as `25%`; empty for the server's default. */
  readonly maxUnready: string;
  /** One selector a line. */
  readonly waves: string;
  readonly message: string;
}

export const EMPTY_FORM: BundleForm = { name: "", groups: [], each: "Cluster", objects: "", extras: "", maxUnready: "", waves: "", message: "" };

export function toForm({ metadata, spec }: Bundle): BundleForm {
  return {
    name: metadata.name,
    groups: spec.groups,
    each: spec.each ?? "Cluster",
    objects: objectsAsText(spec.objects),
    extras: extrasAsText(spec),
    maxUnready: String(spec.rollout?.maxUnready ?? ""),
    waves: spec.rollout?.waves?.join("\n") ?? "",
    // What was said about the last change is not said about the next.
    message: "",
  };
}

/** The selectors of the waves, as the form has them. */
export const wavesOf = (form: BundleForm) =>
  form.waves
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The object the form describes; what the form does not show (labels, whether it is paused) stays as in `base`. */
export function fromForm(form: BundleForm, base?: Bundle): Bundle {
  const { overrides, ignore } = extrasFromText(form.extras);
  const limit = form.maxUnready.trim();
  const waves = wavesOf(form);
  const { [MESSAGE]: _, ...annotations } = base?.metadata.annotations ?? {};
  const said = form.message.trim();
  return {
    apiVersion: "nagaya.dev/v1alpha1",
    kind: "Bundle",
    metadata: { ...base?.metadata, name: form.name, annotations: said === "" ? annotations : { ...annotations, [MESSAGE]: said } },
    spec: {
      groups: [...form.groups],
      each: form.each,
      objects: objectsFromText(form.objects).objects,
      overrides: overrides?.length ? overrides : undefined,
      ignore: ignore?.length ? ignore : undefined,
      rollout: {
        maxUnready: limit === "" ? undefined : /^\d+$/.test(limit) ? Number(limit) : limit,
        waves: waves.length > 0 ? waves : undefined,
        paused: base?.spec.rollout?.paused,
      },
    },
  };
}

/** Whether a text is a limit as the server takes it: a number from 1, a part from 1 % to 100 %, or nothing. */
export const isLimit = (text: string) => /^\s*([1-9]\d*|[1-9]\d?%|100%)?\s*$/.test(text);

/** The first wave that is no selector. */
export const badWave = (form: BundleForm) => wavesOf(form).find((wave) => parseSelector(wave) === undefined);

/** How many clusters of the groups are in each wave, and in the last one, which is of those that no wave selects. */
export function waveSizes(form: BundleForm, groups: readonly Group[], clusters: readonly Cluster[]): readonly number[] {
  const targets = new Set(
    groups.filter(({ metadata }) => form.groups.includes(metadata.name)).flatMap(({ spec }) => selected(spec.selector, clusters) ?? []),
  );
  const sizes = wavesOf(form).map((wave) => {
    const now = selected(wave, [...targets]) ?? [];
    for (const cluster of now) {
      targets.delete(cluster);
    }
    return now.length;
  });
  return [...sizes, targets.size];
}
