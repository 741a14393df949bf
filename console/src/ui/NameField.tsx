import type { ApiError } from "../api/errors";
import { useT } from "../app/i18n";
import { TextField } from "./Field";
import { isName } from "./names";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: ApiError | null;
  readonly readOnly?: boolean;
}

/** The name of a new object: first in its form, with the rule for names told and checked while typing. */
export function NameField({ value, ...field }: Props) {
  const { t } = useT();
  return (
    <TextField
      {...field}
      value={value}
      help={t("common:nameHelp")}
      fault={value !== "" && !isName(value) ? t("workspaces:new.nameBad") : undefined}
      path="metadata.name"
      maxLength={40}
      required
      autoFocus
    />
  );
}
