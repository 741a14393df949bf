import { PageSection, Title } from "@patternfly/react-core";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useNow } from "../../ui/Age";
import { ObjectError } from "../../ui/ObjectError";
import { Fleet } from "./Fleet";
import { ProblemList } from "./ProblemList";
import { problems } from "./problems";

/** What is wrong now, by the people it keeps from work; then the fleet. */
export default function OperationsHome() {
  const { t } = useT();
  const now = useNow();
  const clusters = useList("clusters");
  const workspaces = useList("workspaces");
  const bundles = useList("bundles");
  const error = clusters.error ?? workspaces.error ?? bundles.error;
  return (
    <>
      <PageSection hasBodyWrapper={false} aria-labelledby="wrong">
        <Title headingLevel="h2" id="wrong">
          {t("home:ops.wrong")}
        </Title>
        {error && <ObjectError error={error} onRetry={() => void Promise.all([clusters, workspaces, bundles].map((list) => list.refetch()))} />}
        {clusters.data && workspaces.data && (
          <ProblemList
            label={t("home:ops.wrong")}
            quiet={t("home:ops.quiet")}
            problems={problems(clusters.data.items, workspaces.data.items, now, bundles.data?.items)}
          />
        )}
      </PageSection>
      <Fleet clusters={clusters.data?.items} workspaces={workspaces.data?.items} bundles={bundles.data?.items} />
    </>
  );
}
