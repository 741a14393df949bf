import { TextArea } from "@patternfly/react-core";
import { useState } from "react";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { Field } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { useObjectChange } from "../../ui/useObjectChange";
import { labelsAsText, labelsFromText } from "./labels";

/** A cluster's labels, by which groups and bundles pick it. */
export function LabelsDialog({ cluster, onClose }: { readonly cluster: Cluster; readonly onClose: () => void }) {
  const { t } = useT();
  const { name } = cluster.metadata;
  const change = useObjectChange("clusters");
  const [text, setText] = useState(() => labelsAsText(cluster.metadata.labels));
  const { labels, bad } = labelsFromText(text);
  return (
    <FormDialog
      title={t("clusters:labels.edit")}
      action={t("common:save")}
      failed={t("clusters:labels.failed")}
      busy={change.isPending}
      ready={bad === undefined}
      error={change.error}
      onClose={onClose}
      onSubmit={() =>
        change.mutate(
          { name, change: (fresh) => ({ ...fresh, metadata: { ...fresh.metadata, labels } }) },
          {
            onSuccess: () => {
              tell(t("clusters:labels.done", { name }));
              onClose();
            },
          },
        )
      }
    >
      <Field
        id="cluster-labels"
        label={t("clusters:labels.title")}
        help={t("clusters:labels.help")}
        fault={bad === undefined ? undefined : t("clusters:labels.bad", { line: bad })}
        error={change.error}
        path="metadata.labels"
      >
        {(state) => (
          <TextArea
            {...state}
            id="cluster-labels"
            rows={6}
            autoFocus
            resizeOrientation="vertical"
            spellCheck={false}
            value={text}
            onChange={(_, value) => setText(value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
