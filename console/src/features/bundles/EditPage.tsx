import { PageSection } from "@patternfly/react-core";
import { useParams } from "react-router";
import { useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { Waiting } from "../../ui/Waiting";
import { BundleEditor } from "./BundleEditor";

/** A new bundle, or a change of the one in the address. */
export default function EditBundlePage() {
  const { name = "" } = useParams();
  const { t } = useT();
  const query = useObject("bundles", name);
  if (name !== "" && (query.isPlaceholderData || query.isPending)) {
    return <Waiting />;
  }
  return (
    <>
      <PageHeader
        title={name === "" ? t("bundles:create.title") : t("bundles:edit.title", { name })}
        description={t("bundles:create.description")}
        parent={{ to: "/bundles", title: t("app:pages.bundles") }}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        {query.error && <ObjectError error={query.error} onRetry={() => void query.refetch()} />}
        {(name === "" || query.data) && <BundleEditor key={name} bundle={query.data} />}
      </PageSection>
    </>
  );
}
