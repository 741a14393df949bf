import { Label, LabelGroup } from "@patternfly/react-core";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";

/** A cluster's labels, by which groups and bundles pick it. */
export function ClusterLabels({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const labels = Object.entries(cluster.metadata.labels ?? {});
  if (labels.length === 0) {
    return <span aria-hidden="true">–</span>;
  }
  return (
    <LabelGroup aria-label={t("clusters:labels.title")} numLabels={labels.length}>
      {labels.map(([key, value]) => (
        <Label key={key} isCompact variant="outline">
          {key}={value}
        </Label>
      ))}
    </LabelGroup>
  );
}
