import { Card, CardBody, CardHeader, Content, Title } from "@patternfly/react-core";
import { useEffect } from "react";
import { useT } from "../../app/i18n";
import { Mark } from "../../app/Mark";
import { LanguageChoice } from "../../ui/LanguageChoice";
import { LoginForm } from "./LoginForm";

export function LoginPage({ onLogin }: { readonly onLogin: () => void }) {
  const { t } = useT();
  useEffect(() => {
    document.title = `${t("login:title")} · Nagaya`;
  }, [t]);
  return (
    <main className="ngy-login">
      <div className="ngy-login-roofs" aria-hidden="true" />
      <Card className="ngy-login-card" isLarge>
        <CardHeader>
          <div className="ngy-login-brand">
            <Mark size={44} />
            <Title headingLevel="h1" size="2xl">
              {t("login:title")}
            </Title>
          </div>
          <Content component="p">{t("login:subtitle")}</Content>
        </CardHeader>
        <CardBody>
          <LoginForm onLogin={onLogin} />
          <div className="ngy-login-language">
            <LanguageChoice />
          </div>
        </CardBody>
      </Card>
    </main>
  );
}
