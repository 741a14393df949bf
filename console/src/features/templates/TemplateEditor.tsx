import { ActionGroup, Button, Form } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useCreate, useList, useReplace } from "../../api/resources";
import type { Template } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { SelectField, TextField } from "../../ui/Field";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { ObjectError } from "../../ui/ObjectError";
import { quantity } from "../../ui/quantity";
import { RouterLink } from "../../ui/RouterLink";
import { ChartFields } from "./ChartFields";
import { ImageFields } from "./ImageFields";
import { EMPTY_FORM, fromForm, isPort, readValues, toForm, type TemplateForm } from "./logic";

/** The form of a template. While it is open, a change by somebody else does not touch what was typed. */
export function TemplateEditor({ template }: { readonly template?: Template }) {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const images = useList("images");
  const teams = useList("teams");
  const create = useCreate("templates");
  const replace = useReplace("templates");
  const [base, setBase] = useState(template);
  const led = me.teams.filter((team) => team.role === "team-admin").map((team) => team.name);
  // The catalogue leads here with a chart.
  const [parameters] = useSearchParams();
  const chart = parameters.get("chart") ?? "";
  const [form, setForm] = useState<TemplateForm>(() =>
    template ? toForm(template) : { ...EMPTY_FORM, team: me.admin ? "" : (led[0] ?? ""), from: chart === "" ? "image" : "chart", chart },
  );

  const save = base ? replace : create;
  const { error } = save;
  const stale = base !== undefined && error?.reason === "Conflict";
  const set = (key: keyof TemplateForm) => (value: string) => setForm((old) => ({ ...old, [key]: value }));
  const names = images.data?.items.map((image) => image.metadata.name) ?? [];
  const image = form.image || names[0] || "";
  const teamNames = me.admin ? (teams.data?.items.map((team) => team.metadata.name) ?? []) : led;
  const bad = (text: string, optional = false) =>
    (optional && text.trim() === "") || quantity(text) !== undefined ? undefined : t("templates:notQuantity");
  const homeFault = bad(form.homeSize);
  const faults = {
    cpu: bad(form.cpu),
    cpuLimit: bad(form.cpuLimit, true),
    memory: bad(form.memory),
    memoryLimit: bad(form.memoryLimit, true),
  };
  const complete =
    form.from === "chart"
      ? form.chart !== "" && isPort(form.port) && "values" in readValues(form.values)
      : image !== "" && Object.values(faults).every((fault) => fault === undefined);
  const ready = isName(form.name) && complete && homeFault === undefined;

  return (
    <Form
      className="ngy-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          save.mutate(fromForm({ ...form, image }, base), {
            onSuccess: (saved) => {
              tell(t("templates:edit.done", { name: saved.metadata.name }));
              void navigate(`/templates/${saved.metadata.name}`);
            },
          });
        }
      }}
    >
      {error && !stale && <ObjectError error={error} title={t("templates:edit.failed")} />}
      {stale && (
        <ChangedMeanwhile
          onLoad={() => {
            if (template) {
              setBase(template);
              setForm(toForm(template));
            }
            save.reset();
          }}
        />
      )}
      {!base && <NameField id="template-name" label={t("common:name")} value={form.name} onChange={set("name")} error={error} />}
      <TextField id="template-display" label={t("common:displayName")} value={form.displayName} onChange={set("displayName")} error={error} path="spec.displayName" />
      <TextField id="template-description" label={t("common:description")} value={form.description} onChange={set("description")} error={error} path="spec.description" />
      {!base && (
        <SelectField
          id="template-team"
          label={t("workspaces:column.team")}
          help={t("templates:field.teamHelp")}
          value={form.team}
          onChange={set("team")}
          options={[...(me.admin ? [{ value: "", text: t("templates:forAll") }] : []), ...teamNames.map((value) => ({ value, text: value }))]}
          error={error}
          path="metadata.team"
        />
      )}
      {!base && (
        <SelectField
          id="template-from"
          label={t("templates:field.from")}
          help={t(`templates:field.fromHelp.${form.from}`)}
          value={form.from}
          onChange={(from) => setForm((old) => ({ ...old, from: from === "chart" ? "chart" : "image" }))}
          options={(["image", "chart"] as const).map((value) => ({ value, text: t(`templates:field.${value}`) }))}
        />
      )}
      {form.from === "image" ? (
        <ImageFields form={form} image={image} images={images.data && names} faults={faults} error={error} set={set} />
      ) : (
        <ChartFields form={form} error={error} set={set} />
      )}
      <TextField
        id="template-home"
        label={t("templates:field.homeSize")}
        help={t("templates:field.homeSizeHelp")}
        required
        value={form.homeSize}
        onChange={set("homeSize")}
        fault={homeFault}
        error={error}
        path="spec.homeSize"
      />
      <ActionGroup>
        <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending || !ready}>
          {base ? t("common:save") : t("common:create")}
        </Button>
        <Button variant="link" component={RouterLink} href={base ? `/templates/${base.metadata.name}` : "/templates"}>
          {t("common:cancel")}
        </Button>
      </ActionGroup>
    </Form>
  );
}
