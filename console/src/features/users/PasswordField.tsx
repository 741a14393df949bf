import { Button, InputGroup, InputGroupItem, TextInput } from "@patternfly/react-core";
import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { Field } from "../../ui/Field";
import { RedoIcon } from "../../ui/icons";
import { generatePassword } from "./password";

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: ApiError | null;
}

/** A new password for somebody else, in the open: it is handed over once. */
export function PasswordField({ value, onChange, error }: Props) {
  const { t } = useT();
  return (
    <Field id="new-password" label={t("users:password.new")} help={t("users:password.help")} required error={error} path="password">
      {(state) => (
        <InputGroup>
          <InputGroupItem isFill>
            <TextInput {...state} id="new-password" value={value} autoComplete="off" spellCheck={false} onChange={(_, next) => onChange(next)} />
          </InputGroupItem>
          <InputGroupItem>
            <Button variant="control" icon={<RedoIcon />} aria-label={t("users:password.another")} onClick={() => onChange(generatePassword())} />
          </InputGroupItem>
        </InputGroup>
      )}
    </Field>
  );
}
