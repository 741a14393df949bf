import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import { useRouteError } from "react-router";
import { RouterLink } from "../ui/RouterLink";
import { QuestionIcon, ExclamationCircleIcon } from "../ui/icons";
import { useT } from "./i18n";

export function NotFoundPage() {
  const { t } = useT();
  return (
    <EmptyState headingLevel="h1" titleText={t("app:notFound.title")} icon={QuestionIcon} variant="lg">
      <EmptyStateBody>{t("app:notFound.body")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component={RouterLink} href="/">{t("app:notFound.home")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** When drawing a page failed: a new version of the console replaced its files, or a mistake of ours. Loading again mends the first. */
export function ErrorPage() {
  const { t } = useT();
  const error = useRouteError();
  return (
    <EmptyState headingLevel="h1" titleText={t("app:broken.title")} icon={ExclamationCircleIcon} status="danger" variant="lg">
      <EmptyStateBody>
        <p>{t("app:broken.body")}</p>
        <code lang="en">{error instanceof Error ? error.message : String(error)}</code>
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={() => location.reload()}>{t("app:broken.reload")}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
