import { PageSection } from "@patternfly/react-core";
import { useParams, useSearchParams } from "react-router";
import { useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { Waiting } from "../../ui/Waiting";
import { useChartVersions } from "../catalogue/queries";
import { Wizard } from "./wizard/Wizard";

/** Changes the release in the address: another version, other values. */
export default function UpgradePage() {
  const { t } = useT();
  const { name = "" } = useParams();
  const [query] = useSearchParams();
  const release = useObject("releases", name);
  const { repository = "", chart = "" } = release.data?.spec ?? {};
  const versions = useChartVersions(repository, chart);
  const error = release.error ?? versions.error;
  if (error) {
    return (
      <>
        <PageHeader title={t("releases:wizard.upgrade", { name })} parent={{ to: `/releases/${name}`, title: name }} />
        <PageSection hasBodyWrapper={false}>
          <ObjectError
            error={error}
            title={release.error ? undefined : t("catalogue:chart.failed")}
            onRetry={() => void (release.error ? release.refetch() : versions.refetch())}
          />
        </PageSection>
      </>
    );
  }
  // What a list knew of it may lack what is to be changed.
  return release.data && !release.isPlaceholderData && versions.data ? (
    <Wizard key={name} repository={repository} chart={chart} versions={versions.data} version={query.get("version") ?? undefined} base={release.data} />
  ) : (
    <Waiting />
  );
}
