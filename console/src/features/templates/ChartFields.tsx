import { lazy, Suspense } from "react";
import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { Field, SelectField, TextField } from "../../ui/Field";
import { useCharts } from "../catalogue/queries";
import { isPort, readValues, type TemplateForm } from "./logic";

const CodeEditor = lazy(() => import("../../ui/CodeEditor"));

interface Props {
  readonly form: TemplateForm;
  readonly error: ApiError | null;
  readonly set: (key: keyof TemplateForm) => (value: string) => void;
}

/** What is told of a template whose workspaces are releases of a chart. */
export function ChartFields({ form, error, set }: Props) {
  const { t } = useT();
  const charts = useCharts();
  const keys = charts.data?.map(({ repository, name }) => `${repository}/${name}`) ?? [];
  const read = readValues(form.values);
  return (
    <>
      <SelectField
        id="template-chart"
        label={t("templates:field.chart")}
        help={charts.data && keys.length === 0 ? t("templates:field.noChart") : undefined}
        required
        value={form.chart}
        onChange={set("chart")}
        options={["", ...new Set([form.chart, ...keys].filter(Boolean))].map((value) => ({ value, text: value || t("templates:field.choose") }))}
        error={error}
        path="spec.chart"
      />
      <TextField
        id="template-version"
        label={t("templates:field.version")}
        help={t("templates:field.versionHelp")}
        value={form.version}
        onChange={set("version")}
        error={error}
        path="spec.chart.version"
      />
      <TextField
        id="template-service"
        label={t("templates:field.service")}
        help={t("templates:field.serviceHelp", { name: "{workspace}" })}
        value={form.service}
        placeholder="{workspace}"
        onChange={set("service")}
        error={error}
        path="spec.chart.service"
      />
      <TextField
        id="template-port"
        label={t("templates:field.port")}
        help={t("templates:field.portHelp")}
        required
        value={form.port}
        onChange={set("port")}
        fault={isPort(form.port) ? undefined : t("templates:field.notPort")}
        error={error}
        path="spec.ports"
      />
      <TextField
        id="template-home-value"
        label={t("templates:field.homeValue")}
        help={t("templates:field.homeValueHelp")}
        value={form.homeValue}
        placeholder="persistence.existingClaim"
        onChange={set("homeValue")}
        error={error}
        path="spec.chart.homeValue"
      />
      <Field
        id="template-values"
        label={t("templates:field.values")}
        help={t("templates:field.valuesHelp")}
        fault={"fault" in read ? [t("templates:yaml.fault"), read.fault].filter(Boolean).join(": ") : undefined}
        error={error}
        path="spec.chart.values"
        isGroup
      >
        {() => (
          <Suspense fallback={t("common:loading")}>
            <CodeEditor label={t("templates:field.values")} text={form.values} onChange={set("values")} />
          </Suspense>
        )}
      </Field>
    </>
  );
}
