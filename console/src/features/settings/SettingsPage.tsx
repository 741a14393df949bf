import { Card, CardBody, CardTitle, Form, FormGroup, Grid, GridItem, PageSection, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { ShortcutSwitch } from "../../app/shortcuts";
import { setTheme, THEMES, useTheme } from "../../app/theme";
import { Entries } from "../../ui/Entries";
import { LanguageChoice } from "../../ui/LanguageChoice";
import { PageHeader } from "../../ui/PageHeader";
import { PasswordCard } from "./PasswordCard";
import { Tokens } from "./Tokens";

export default function SettingsPage() {
  const { t } = useT();
  const me = useMe();
  const theme = useTheme();
  return (
    <>
      <PageHeader title={t("app:pages.settings")} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Grid hasGutter>
          <GridItem lg={6}>
            <Card isFullHeight>
              <CardTitle component="h2">{t("settings:look.title")}</CardTitle>
              <CardBody>
                <Form>
                  <FormGroup label={t("app:language")} role="group">
                    <LanguageChoice />
                  </FormGroup>
                  <FormGroup label={t("settings:theme.title")} role="group">
                    <ToggleGroup aria-label={t("settings:theme.title")}>
                      {THEMES.map((choice) => (
                        <ToggleGroupItem
                          key={choice}
                          buttonId={`theme-${choice}`}
                          text={t(`settings:theme.${choice}`)}
                          isSelected={theme === choice}
                          onChange={() => setTheme(choice)}
                        />
                      ))}
                    </ToggleGroup>
                  </FormGroup>
                  <FormGroup label={t("app:shortcuts.title")} role="group">
                    <ShortcutSwitch />
                  </FormGroup>
                </Form>
              </CardBody>
            </Card>
          </GridItem>
          <GridItem lg={6}>
            <Card isFullHeight>
              <CardTitle component="h2">{t("settings:account.title")}</CardTitle>
              <CardBody>
                <Entries
                  entries={[
                    [t("login:user"), me.name],
                    [t("common:displayName"), me.displayName],
                    [t("teams:members.role"), t(`app:roles.${me.role}`)],
                    [t("app:pages.teams"), me.teams.map((team) => team.name).join(", ")],
                  ]}
                />
                <PasswordCard />
              </CardBody>
            </Card>
          </GridItem>
          <GridItem span={12}>
            <Tokens />
          </GridItem>
        </Grid>
      </PageSection>
    </>
  );
}
