import { useState } from "react";
import { useCreate } from "../../api/resources";
import { useT } from "../../app/i18n";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { quantity } from "../../ui/quantity";
import { isName } from "../workspaces/logic";

/** A new cluster on Nagaya's own host. */
export function CreateDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (name: string) => void }) {
  const { t } = useT();
  const create = useCreate("clusters");
  const [name, setName] = useState("");
  const [kubernetes, setKubernetes] = useState("");
  const [cpu, setCpu] = useState("1");
  const [memory, setMemory] = useState("3Gi");
  const faults = {
    name: name !== "" && !isName(name) ? t("workspaces:new.nameBad") : undefined,
    cpu: quantity(cpu) === undefined ? t("clusters:create.notCpu") : undefined,
    memory: quantity(memory) === undefined ? t("clusters:create.notMemory") : undefined,
  };
  return (
    <FormDialog
      title={t("clusters:create.title")}
      description={t("clusters:create.description")}
      action={t("common:create")}
      failed={t("clusters:create.failed")}
      busy={create.isPending}
      ready={isName(name) && !faults.cpu && !faults.memory}
      error={create.error}
      onClose={onClose}
      onSubmit={() =>
        create.mutate(
          {
            apiVersion: "nagaya.dev/v1alpha1",
            kind: "Cluster",
            metadata: { name },
            spec: { provider: "local", local: { cpu, memory, ...(kubernetes ? { kubernetes } : {}) } },
          },
          { onSuccess: (made) => onDone(made.metadata.name) },
        )
      }
    >
      <TextField
        id="cluster-name"
        label={t("common:name")}
        help={t("common:nameHelp")}
        required
        autoFocus
        value={name}
        onChange={setName}
        maxLength={40}
        fault={faults.name}
        error={create.error}
        path="metadata.name"
      />
      <TextField
        id="cluster-version"
        label={t("clusters:create.kubernetes")}
        help={t("clusters:create.kubernetesHelp")}
        value={kubernetes}
        onChange={setKubernetes}
        error={create.error}
        path="spec.local.kubernetes"
      />
      <TextField
        id="cluster-cpu"
        label={t("clusters:create.cpu")}
        help={t("clusters:create.cpuHelp")}
        required
        value={cpu}
        onChange={setCpu}
        fault={faults.cpu}
        error={create.error}
        path="spec.local.cpu"
      />
      <TextField
        id="cluster-memory"
        label={t("clusters:create.memory")}
        help={t("clusters:create.memoryHelp")}
        required
        value={memory}
        onChange={setMemory}
        fault={faults.memory}
        error={create.error}
        path="spec.local.memory"
      />
    </FormDialog>
  );
}
