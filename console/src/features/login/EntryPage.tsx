import { Card, CardBody, CardHeader, Content, Title } from "@patternfly/react-core";
import { useEffect, type ReactNode } from "react";
import { Mark } from "../../app/Mark";
import { LanguageChoice } from "../../ui/LanguageChoice";

/** The frame of what comes before the console: logging in, and choosing a password. */
export function EntryPage({ title, subtitle, children }: { readonly title: string; readonly subtitle: string; readonly children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Nagaya`;
  }, [title]);
  return (
    <main className="ngy-login">
      <div className="ngy-login-roofs" aria-hidden="true" />
      <Card className="ngy-login-card" isLarge>
        <CardHeader>
          <div className="ngy-login-brand">
            <Mark size={44} />
            <Title headingLevel="h1" size="2xl">
              {title}
            </Title>
          </div>
          <Content component="p">{subtitle}</Content>
        </CardHeader>
        <CardBody>
          {children}
          <div className="ngy-login-language">
            <LanguageChoice />
          </div>
        </CardBody>
      </Card>
    </main>
  );
}
