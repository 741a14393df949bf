import { useState } from "react";
import { useCreate, useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { FormDialog } from "../../ui/FormDialog";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { PlacementFields, type PlacementForm } from "./PlacementFields";

export function CreateDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (name: string) => void }) {
  const { t } = useT();
  const clusters = useList("clusters");
  const create = useCreate("teams");
  const [name, setName] = useState("");
  const [form, setForm] = useState<PlacementForm>({ displayName: "", cluster: "", namespace: "" });
  const names = clusters.data?.items.map((cluster) => cluster.metadata.name) ?? [];
  const cluster = names.includes(form.cluster) ? form.cluster : (names[0] ?? "");
  const { displayName, namespace } = form;
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
      <NameField id="team-name" label={t("common:name")} value={name} onChange={setName} error={create.error} />
      <PlacementFields
        form={{ ...form, cluster }}
        onChange={(part) => setForm((old) => ({ ...old, ...part }))}
        name={name}
        clusters={names}
        clusterHelp={names.length === 0 && clusters.data ? t("teams:create.noCluster") : t("teams:placement.help")}
        error={create.error}
      />
    </FormDialog>
  );
}
