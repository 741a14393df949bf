import { Grid, GridItem, TextArea } from "@patternfly/react-core";
import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { Field, SelectField, TextField } from "../../ui/Field";
import type { TemplateForm } from "./logic";

type Amount = "cpu" | "cpuLimit" | "memory" | "memoryLimit";

interface Props {
  readonly form: TemplateForm;
  /** The image that is chosen. */
  readonly image: string;
  /** All there are, once that is known. */
  readonly images: readonly string[] | undefined;
  readonly faults: { readonly [key in Amount]: string | undefined };
  readonly error: ApiError | null;
  readonly set: (key: keyof TemplateForm) => (value: string) => void;
}

/** What is told of a template whose workspaces are made from an image. */
export function ImageFields({ form, image, images, faults, error, set }: Props) {
  const { t } = useT();
  return (
    <>
      <SelectField
        id="template-image"
        label={t("templates:field.image")}
        help={images?.length === 0 ? t("templates:field.noImage") : undefined}
        required
        value={image}
        onChange={set("image")}
        options={[...new Set([image, ...(images ?? [])])].filter(Boolean).map((value) => ({ value, text: value }))}
        error={error}
        path="spec.image"
      />
      <Grid hasGutter md={6} className="ngy-form-grid">
        {(["cpu", "cpuLimit", "memory", "memoryLimit"] as const).map((key) => (
          <GridItem key={key}>
            <TextField
              id={`template-${key}`}
              label={t(`templates:field.${key}`)}
              help={t(`templates:field.${key}Help`)}
              required={key === "cpu" || key === "memory"}
              value={form[key]}
              onChange={set(key)}
              fault={faults[key]}
              error={error}
              path={`spec.resources.${key}`}
            />
          </GridItem>
        ))}
      </Grid>
      <Field id="template-environment" label={t("templates:field.environment")} help={t("templates:field.environmentHelp")} error={error} path="spec.environment">
        {(state) => (
          <TextArea
            {...state}
            id="template-environment"
            rows={4}
            resizeOrientation="vertical"
            spellCheck={false}
            value={form.environment}
            onChange={(_, value) => set("environment")(value)}
          />
        )}
      </Field>
    </>
  );
}
