import { PageSection } from "@patternfly/react-core";
import { useParams } from "react-router";
import { useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { Waiting } from "../../ui/Waiting";
import { TemplateEditor } from "./TemplateEditor";

/** A new template, or a change of the one in the address. */
export default function EditTemplatePage() {
  const { name = "" } = useParams();
  const { t } = useT();
  const query = useObject("templates", name);
  const parent = { to: "/templates", title: t("app:pages.templates") };
  if (name === "") {
    return (
      <>
        <PageHeader title={t("templates:create.title")} parent={parent} />
        <PageSection hasBodyWrapper={false} isFilled>
          <TemplateEditor />
        </PageSection>
      </>
    );
  }
  if (query.isPlaceholderData || query.isPending) {
    return <Waiting />;
  }
  return (
    <>
      <PageHeader title={t("templates:edit.title", { name })} parent={parent} />
      <PageSection hasBodyWrapper={false} isFilled>
        {query.error && <ObjectError error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && <TemplateEditor key={name} template={query.data} />}
      </PageSection>
    </>
  );
}
