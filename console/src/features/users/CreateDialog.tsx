import { Checkbox } from "@patternfly/react-core";
import { useState } from "react";
import { useCreate } from "../../api/resources";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { generatePassword } from "./password";
import { PasswordField } from "./PasswordField";
import { useSetPassword } from "./queries";

export function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useT();
  const create = useCreate("users");
  const set = useSetPassword();
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [admin, setAdmin] = useState(false);
  const [password, setPassword] = useState(generatePassword);
  const [made, setMade] = useState(false);
  const giveIn = () =>
    set.mutate(
      { user: name, password },
      {
        onSuccess: () => {
          tell(t("users:create.done", { name }));
          onClose();
        },
      },
    );
  return (
    <FormDialog
      title={t("users:create.title")}
      action={t("common:create")}
      failed={made ? t("users:password.failed") : t("users:create.failed")}
      busy={create.isPending || set.isPending}
      ready={isName(name) && password !== ""}
      error={create.error ?? set.error}
      onClose={onClose}
      onSubmit={() => {
        if (made) {
          giveIn(); // the account is there; only its password was refused
          return;
        }
        create.mutate(
          { apiVersion: "nagaya.dev/v1alpha1", kind: "User", metadata: { name }, spec: { displayName, admin, disabled: false } },
          {
            onSuccess: () => {
              setMade(true);
              giveIn();
            },
          },
        );
      }}
    >
      <NameField id="user-name" label={t("login:user")} value={name} onChange={setName} error={create.error} readOnly={made} />
      <TextField id="user-display" label={t("common:displayName")} value={displayName} onChange={setDisplayName} error={create.error} path="spec.displayName" />
      <PasswordField value={password} onChange={setPassword} error={set.error} />
      <Checkbox
        id="user-admin"
        label={t("users:create.admin")}
        description={t("users:create.adminHelp")}
        isChecked={admin}
        onChange={(_, value) => setAdmin(value)}
      />
    </FormDialog>
  );
}
