import { ActionGroup, Button, Form } from "@patternfly/react-core";
import { useT } from "../../app/i18n";
import { useLogOut } from "../../app/useLogOut";
import { ObjectError } from "../../ui/ObjectError";
import { OwnPasswordFields, useOwnPassword } from "../settings/OwnPassword";

/** Asks for a password that nobody else knows; the only other way is out. */
export function NewPasswordForm({ user }: { readonly user: string }) {
  const { t } = useT();
  const logOut = useLogOut();
  // Shown for as long as the session says so: nothing else is to be done when it is changed.
  const own = useOwnPassword(user);
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        if (own.ready && !own.busy) {
          own.submit();
        }
      }}
    >
      {own.error && <ObjectError error={own.error} title={t("users:password.failed")} />}
      <OwnPasswordFields {...own.fields} />
      <ActionGroup>
        <Button type="submit" isLoading={own.busy} isDisabled={!own.ready || own.busy}>
          {t("login:newPassword.action")}
        </Button>
        <Button variant="link" onClick={() => void logOut()}>
          {t("app:logOut")}
        </Button>
      </ActionGroup>
    </Form>
  );
}
