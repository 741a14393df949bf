import { useState } from "react";
import { useCreate } from "../../api/resources";
import { useT } from "../../app/i18n";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { quantity } from "../../ui/quantity";

/** A new cluster on Nagaya's own host. */
export function CreateDialog({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: (name: string) => void }) {
  const { t } = useT();
  const create = useCreate("clusters");
  const [form, setForm] = useState({ name: "", kubernetes: "", cpu: "1", memory: "3Gi" });
  const set = (key: keyof typeof form) => (value: string) => setForm((old) => ({ ...old, [key]: value }));
  const { name, kubernetes, cpu, memory } = form;
  const faults = {
    kubernetes: undefined,
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
      <NameField id="cluster-name" label={t("common:name")} value={form.name} onChange={set("name")} error={create.error} />
      {(["kubernetes", "cpu", "memory"] as const).map((key) => (
        <TextField
          key={key}
          id={`cluster-${key}`}
          label={t(`clusters:create.${key}`)}
          help={t(`clusters:create.${key}Help`)}
          required={key !== "kubernetes"}
          value={form[key]}
          onChange={set(key)}
          fault={faults[key]}
          error={create.error}
          path={`spec.local.${key}`}
        />
      ))}
    </FormDialog>
  );
}
