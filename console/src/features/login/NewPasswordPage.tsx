import { useT } from "../../app/i18n";
import { EntryPage } from "./EntryPage";
import { NewPasswordForm } from "./NewPasswordForm";

/** Stands in front of the console while somebody else knows this person's password: the server answers nothing else until then. */
export function NewPasswordPage({ user }: { readonly user: string }) {
  const { t } = useT();
  return (
    <EntryPage title={t("login:newPassword.title")} subtitle={t("login:newPassword.body")}>
      <NewPasswordForm user={user} />
    </EntryPage>
  );
}
