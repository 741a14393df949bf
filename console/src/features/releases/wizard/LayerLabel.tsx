import { Label } from "@patternfly/react-core";
import type { T } from "../../../app/i18n";
import { useT } from "../../../app/i18n";

/** A layer's name in the reader's words: `group java` is told as the group java. */
export function layerText(t: T, layer: string): string {
  const [kind, ...name] = layer.split(" ");
  const known = (["chart", "group", "cluster", "release"] as const).find((one) => one === kind);
  const text = known ? t(`releases:layer.${known}`) : kind;
  return [text, ...name].join(" ");
}

/** Which layer a value comes from; the release's own stand out. */
export function LayerLabel({ layer }: { readonly layer: string }) {
  const { t } = useT();
  return (
    <Label isCompact variant={layer === "chart" ? "outline" : "filled"} color={layer === "release" ? "blue" : layer === "chart" ? "grey" : "purple"}>
      {layerText(t, layer)}
    </Label>
  );
}
