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
  /** Where the kind has a rule of its own: how long a name may be, and the rule in words. */
  readonly maxLength?: number;
  readonly help?: string;
}

/** The name of a new object: first in its form, with the rule for names told and checked while typing. */
export function NameField({ value, maxLength = 40, help, ...field }: Props) {
  const { t } = useT();
  return (
    <TextField
      {...field}
      value={value}
      help={help ?? t("common:nameHelp")}
      fault={value !== "" && !isName(value) ? t("workspaces:new.nameBad") : undefined}
      path="metadata.name"
      maxLength={maxLength}
      required
      autoFocus
    />
  );
}
