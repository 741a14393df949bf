import { useState } from "react";
import { useT } from "../../../app/i18n";
import { TextField } from "../../../ui/Field";
import { FormDialog } from "../../../ui/FormDialog";
import { pathText, type Path } from "../values/paths";
import { secretName } from "./draft";

interface Props {
  readonly path: Path;
  /** What it is kept as already. */
  readonly secret?: string;
  readonly onSeal: (secret: string, value: string) => void;
  readonly onClose: () => void;
}

/** Asks for a value that is to be sealed, and what to keep it as. */
export function SealDialog({ path, secret, onSeal, onClose }: Props) {
  const { t } = useT();
  const [name, setName] = useState(secret ?? secretName(path));
  const [value, setValue] = useState("");
  const good = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
  return (
    <FormDialog
      title={t("releases:form.sealTitle", { path: pathText(path) })}
      description={t("releases:form.sealHelp")}
      action={t("releases:form.seal")}
      failed=""
      busy={false}
      ready={good && value !== ""}
      error={null}
      onClose={onClose}
      onSubmit={() => onSeal(name, value)}
    >
      <TextField id="seal-value" label={t("releases:form.sealValue")} type="password" autoComplete="new-password" required autoFocus value={value} onChange={setValue} />
      <TextField
        id="seal-name"
        label={t("releases:form.sealName")}
        help={t("releases:form.sealNameHelp")}
        fault={good || name === "" ? undefined : t("releases:form.sealNameHelp")}
        required
        readOnly={secret !== undefined}
        value={name}
        onChange={setName}
      />
    </FormDialog>
  );
}
