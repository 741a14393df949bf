import { Button, FormFieldGroup, FormFieldGroupHeader, TextArea } from "@patternfly/react-core";
import { useRef, useState } from "react";
import { useCreate, useReplace } from "../../api/resources";
import type { Repository } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { Field, TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { PlusCircleIcon, TrashIcon } from "../../ui/icons";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { fromForm, isOci, toForm, type RuleForm } from "./logic";

interface Props {
  /** The repository to be changed; without it one is made. */
  readonly repository?: Repository;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

/** Where charts come from, and who may install which of them. */
export function RepositoryDialog({ repository, onClose, onDone }: Props) {
  const { t } = useT();
  const create = useCreate("repositories");
  const replace = useReplace("repositories");
  // What the form was filled from: a newer one is taken only when asked, so that nothing typed is lost.
  const [base, setBase] = useState(repository);
  const [name, setName] = useState(repository?.metadata.name ?? "");
  const [form, setForm] = useState(() => toForm(repository));
  const nextKey = useRef(1000);
  const save = base ? replace : create;
  const { error } = save;
  const stale = base !== undefined && error?.reason === "Conflict";
  const set = (part: Partial<typeof form>) => setForm((old) => ({ ...old, ...part }));
  const setRule = (key: number, part: Partial<RuleForm>) => set({ rules: form.rules.map((rule) => (rule.key === key ? { ...rule, ...part } : rule)) });
  const submit = () =>
    save.mutate(fromForm(name, form, base), {
      onSuccess: ({ metadata }) => {
        tell(t("repositories:edit.done", { name: metadata.name }));
        onDone(metadata.name);
      },
    });
  return (
    <FormDialog
      title={base ? t("repositories:edit.title", { name }) : t("repositories:create.title")}
      description={t("repositories:create.description")}
      action={base ? t("common:save") : t("common:add")}
      failed={t("repositories:edit.failed")}
      busy={save.isPending}
      ready={isName(name) && form.url.trim() !== "" && /^\d+$/.test(form.interval)}
      error={stale ? null : error}
      onClose={onClose}
      onSubmit={submit}
    >
      {stale && (
        <ChangedMeanwhile
          onLoad={() => {
            setBase(repository);
            setForm(toForm(repository));
            save.reset();
          }}
        />
      )}
      {!base && <NameField id="repository-name" label={t("common:name")} value={name} onChange={setName} error={error} />}
      <TextField
        id="repository-url"
        label={t("repositories:field.url.label")}
        help={t("repositories:field.url.help")}
        required
        placeholder="https://charts.example.com"
        value={form.url}
        onChange={(url) => set({ url })}
        error={error}
        path="spec.url"
      />
      {isOci(form.url) && (
        <TextField
          id="repository-charts"
          label={t("repositories:field.charts.label")}
          help={t("repositories:field.charts.help")}
          required
          value={form.charts}
          onChange={(charts) => set({ charts })}
          error={error}
          path="spec.charts"
        />
      )}
      <TextField
        id="repository-interval"
        label={t("repositories:field.interval.label")}
        help={t("repositories:field.interval.help")}
        type="number"
        value={form.interval}
        onChange={(interval) => set({ interval })}
        error={error}
        path="spec.intervalSeconds"
      />
      <Field id="repository-ca" label={t("repositories:field.ca.label")} help={t("repositories:field.ca.help")} error={error} path="spec.ca">
        {(state) => (
          <TextArea
            {...state}
            id="repository-ca"
            value={form.ca}
            rows={2}
            spellCheck={false}
            resizeOrientation="vertical"
            placeholder="-----BEGIN CERTIFICATE-----"
            onChange={(_, ca) => set({ ca })}
          />
        )}
      </Field>
      <FormFieldGroup
        header={
          <FormFieldGroupHeader
            titleText={{ text: t("repositories:allow.title"), id: "repository-allow" }}
            titleDescription={t("repositories:allow.help")}
            actions={
              <Button
                variant="link"
                icon={<PlusCircleIcon />}
                onClick={() => {
                  nextKey.current += 1;
                  set({ rules: [...form.rules, { key: nextKey.current, teams: "", charts: "", namespaces: "" }] });
                }}
              >
                {t("repositories:allow.add")}
              </Button>
            }
          />
        }
      >
        {form.rules.map((rule, at) => (
          <FormFieldGroup
            key={rule.key}
            header={
              <FormFieldGroupHeader
                titleText={{ text: t("repositories:allow.rule", { number: at + 1 }), id: `rule-${rule.key}` }}
                actions={
                  <Button
                    variant="plain"
                    icon={<TrashIcon />}
                    aria-label={t("repositories:allow.remove", { number: at + 1 })}
                    onClick={() => set({ rules: form.rules.filter(({ key }) => key !== rule.key) })}
                  />
                }
              />
            }
          >
            {(["teams", "charts", "namespaces"] as const).map((part) => (
              <TextField
                key={part}
                id={`rule-${rule.key}-${part}`}
                label={t(`repositories:allow.${part}`)}
                help={t(`repositories:allow.${part}Help`)}
                value={rule[part]}
                onChange={(text) => setRule(rule.key, { [part]: text })}
                error={error}
                path={`spec.allow[${at}].${part}`}
              />
            ))}
          </FormFieldGroup>
        ))}
      </FormFieldGroup>
    </FormDialog>
  );
}
