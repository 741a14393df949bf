import { PageSection } from "@patternfly/react-core";
import { useParams, useSearchParams } from "react-router";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { Waiting } from "../../ui/Waiting";
import { useChartVersions } from "../catalogue/queries";
import { Wizard } from "./wizard/Wizard";

/** Installs the chart in the address. */
export default function InstallPage() {
  const { t } = useT();
  const { repository = "", chart = "" } = useParams();
  const [query] = useSearchParams();
  const versions = useChartVersions(repository, chart);
  if (versions.error) {
    return (
      <>
        <PageHeader title={t("releases:wizard.install", { chart })} parent={{ to: "/catalogue", title: t("app:pages.catalogue") }} />
        <PageSection hasBodyWrapper={false}>
          <ObjectError error={versions.error} title={t("catalogue:chart.failed")} onRetry={() => void versions.refetch()} />
        </PageSection>
      </>
    );
  }
  return versions.data ? <Wizard repository={repository} chart={chart} versions={versions.data} version={query.get("version") ?? undefined} /> : <Waiting />;
}
