import { useState } from "react";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { useSecret } from "./queries";

/** Asks for the login of a repository, which is sealed. */
export function SecretDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useT();
  const secret = useSecret();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={t("repositories:secret.title", { name })}
      description={t("repositories:secret.description")}
      action={t("common:save")}
      failed={t("repositories:secret.failed")}
      busy={secret.isPending}
      ready={password !== ""}
      error={secret.error}
      onClose={onClose}
      onSubmit={() =>
        secret.mutate(
          { name, user, password },
          {
            onSuccess: () => {
              tell(t("repositories:secret.done", { name }));
              onClose();
            },
          },
        )
      }
    >
      <TextField id="secret-user" label={t("repositories:secret.user")} autoFocus value={user} onChange={setUser} />
      <TextField
        id="secret-password"
        label={t("repositories:secret.password")}
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={setPassword}
        error={secret.error}
        path="password"
      />
    </FormDialog>
  );
}
