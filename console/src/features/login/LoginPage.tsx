import { useT } from "../../app/i18n";
import { EntryPage } from "./EntryPage";
import { LoginForm } from "./LoginForm";

export function LoginPage({ onLogin }: { readonly onLogin: () => void }) {
  const { t } = useT();
  return (
    <EntryPage title={t("login:title")} subtitle={t("login:subtitle")}>
      <LoginForm onLogin={onLogin} />
    </EntryPage>
  );
}
