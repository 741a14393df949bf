import { Checkbox } from "@patternfly/react-core";
import { useState } from "react";
import { useCreate, useReplace } from "../../api/resources";
import type { Source } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { namesIn } from "./logic";

interface Props {
  /** The source to be changed; without it one is made. */
  readonly source?: Source;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

const typed = (source?: Source) => ({
  url: source?.spec.url ?? "",
  ref: source?.spec.ref ?? "main",
  path: source?.spec.path ?? "",
  interval: String(source?.spec.intervalSeconds ?? 60),
  groups: source?.spec.bundle?.groups.join(", ") ?? "",
  prune: source?.spec.prune ?? true,
  suspended: source?.spec.suspended ?? false,
});

/** Which folder of which repository is kept in sync, and how. */
export function SourceDialog({ source, onClose, onDone }: Props) {
  const { t } = useT();
  const create = useCreate("sources");
  const replace = useReplace("sources");
  // What the form was filled from: a newer one is taken only when asked, so that nothing typed is lost.
  const [base, setBase] = useState(source);
  const [name, setName] = useState(source?.metadata.name ?? "");
  const [form, setForm] = useState(() => typed(source));
  const save = base ? replace : create;
  const { error } = save;
  const stale = base !== undefined && error?.reason === "Conflict";
  const set = (part: Partial<typeof form>) => setForm((old) => ({ ...old, ...part }));
  const groups = namesIn(form.groups);
  const field = (key: "url" | "ref" | "path" | "interval" | "groups", path: string) => ({
    id: `source-${key}`,
    label: t(`sources:field.${key}.label`),
    help: t(`sources:field.${key}.help`),
    value: form[key],
    onChange: (value: string) => set({ [key]: value }),
    error,
    path,
  });
  const submit = () =>
    save.mutate(
      {
        apiVersion: "nagaya.dev/v1alpha1",
        kind: "Source",
        metadata: { ...base?.metadata, name },
        spec: {
          ...base?.spec,
          url: form.url.trim(),
          ref: form.ref.trim(),
          path: form.path.trim(),
          intervalSeconds: Number(form.interval),
          prune: form.prune,
          suspended: form.suspended,
          bundle: groups.length > 0 ? { ...base?.spec.bundle, groups } : undefined,
        },
      },
      {
        onSuccess: ({ metadata }) => {
          tell(t("sources:edit.done", { name: metadata.name }));
          onDone(metadata.name);
        },
      },
    );
  return (
    <FormDialog
      title={base ? t("sources:edit.title", { name }) : t("sources:create.title")}
      description={t("sources:create.description")}
      action={base ? t("common:save") : t("common:create")}
      failed={t("sources:edit.failed")}
      busy={save.isPending}
      ready={isName(name) && form.url.trim() !== "" && /^\d+$/.test(form.interval)}
      error={stale ? null : error}
      onClose={onClose}
      onSubmit={submit}
    >
      {stale && (
        <ChangedMeanwhile
          onLoad={() => {
            setBase(source);
            setForm(typed(source));
            save.reset();
          }}
        />
      )}
      {!base && <NameField id="source-name" label={t("common:name")} value={name} onChange={setName} error={error} />}
      <TextField {...field("url", "spec.url")} required placeholder="https://git.example.com/operations/fleet.git" />
      <TextField {...field("ref", "spec.ref")} />
      <TextField {...field("path", "spec.path")} />
      <TextField {...field("interval", "spec.intervalSeconds")} type="number" />
      <TextField {...field("groups", "spec.bundle.groups")} />
      <Checkbox
        id="source-prune"
        label={t("sources:field.prune.label")}
        description={t("sources:field.prune.help")}
        isChecked={form.prune}
        onChange={(_, prune) => set({ prune })}
      />
      <Checkbox id="source-suspended" label={t("sources:field.suspended")} isChecked={form.suspended} onChange={(_, suspended) => set({ suspended })} />
    </FormDialog>
  );
}
