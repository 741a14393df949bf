import { useState } from "react";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { FormDialog } from "../../ui/FormDialog";
import { generatePassword } from "./password";
import { PasswordField } from "./PasswordField";
import { useSetPassword } from "./queries";

export function PasswordDialog({ user, onClose }: { readonly user: string; readonly onClose: () => void }) {
  const { t } = useT();
  const set = useSetPassword();
  const [password, setPassword] = useState(generatePassword);
  return (
    <FormDialog
      title={t("users:password.title", { name: user })}
      action={t("users:password.set")}
      failed={t("users:password.failed")}
      busy={set.isPending}
      ready={password !== ""}
      error={set.error}
      onClose={onClose}
      onSubmit={() =>
        set.mutate(
          { user, password },
          {
            onSuccess: () => {
              tell(t("users:password.done", { name: user }));
              onClose();
            },
          },
        )
      }
    >
      <PasswordField value={password} onChange={setPassword} error={set.error} />
    </FormDialog>
  );
}
