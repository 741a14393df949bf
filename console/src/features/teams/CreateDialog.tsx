import { useState } from "react";
import { useCreate, useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { SelectField, TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { isName } from "../workspaces/logic";

export function CreateDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (name: string) => void }) {
  const { t } = useT();
  const clusters = useList("clusters");
  const create = useCreate("teams");
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [wanted, setCluster] = useState("");
  const [namespace, setNamespace] = useState("");
  const names = clusters.data?.items.map((cluster) => cluster.metadata.name) ?? [];
  const cluster = names.includes(wanted) ? wanted : (names[0] ?? "");
  return (
    <FormDialog
      title={t("teams:create.title")}
      action={t("common:create")}
      failed={t("teams:create.failed")}
      busy={create.isPending}
      ready={isName(name) && cluster !== ""}
      error={create.error}
      onClose={onClose}
      onSubmit={() =>
        create.mutate(
          {
            apiVersion: "nagaya.dev/v1alpha1",
            kind: "Team",
            metadata: { name },
            spec: { cluster, members: [], ...(displayName ? { displayName } : {}), ...(namespace ? { namespace } : {}) },
          },
          { onSuccess: (made) => onDone(made.metadata.name) },
        )
      }
    >
      <TextField
        id="team-name"
        label={t("common:name")}
        help={t("common:nameHelp")}
        required
        autoFocus
        maxLength={40}
        value={name}
        onChange={setName}
        fault={name !== "" && !isName(name) ? t("workspaces:new.nameBad") : undefined}
        error={create.error}
        path="metadata.name"
      />
      <TextField id="team-display" label={t("common:displayName")} value={displayName} onChange={setDisplayName} error={create.error} path="spec.displayName" />
      <SelectField
        id="team-cluster"
        label={t("workspaces:column.cluster")}
        help={names.length === 0 && clusters.data ? t("teams:create.noCluster") : t("teams:placement.help")}
        required
        value={cluster}
        onChange={setCluster}
        options={names.map((value) => ({ value, text: value }))}
        error={create.error}
        path="spec.cluster"
      />
      <TextField
        id="team-namespace"
        label={t("workspaces:detail.namespace")}
        help={t("teams:create.namespaceHelp")}
        value={namespace}
        placeholder={name}
        onChange={setNamespace}
        error={create.error}
        path="spec.namespace"
      />
    </FormDialog>
  );
}
