import { PageSection } from "@patternfly/react-core";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { ImagesIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";

/** What templates' desktops are started from. */
export default function ImagesPage() {
  const { t } = useT();
  const list = useList("images");
  const templates = useList("templates");
  const [search] = useUrlState("q");
  const rows = list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, metadata.team, spec.reference, spec.description));
  const users = (image: string) => templates.data?.items.filter((template) => template.spec.image === image) ?? [];
  return (
    <>
      <PageHeader title={t("app:pages.images")} description={t("images:list.description")} />
      <PageSection hasBodyWrapper={false} isFilled>
        {list.error && <ObjectError error={list.error} title={t("images:list.failed")} onRetry={() => void list.refetch()} />}
        <ListToolbar searchLabel={t("images:list.search")} />
        <ResourceTable
          label={t("app:pages.images")}
          rows={list.error && !list.data ? [] : rows}
          rowKey={(row) => row.metadata.name}
          columns={[
            { key: "name", title: t("common:name"), sort: (row) => row.metadata.name, cell: (row) => row.metadata.name },
            { key: "description", title: t("common:description"), width: 30, cell: (row) => row.spec.description || "–" },
            {
              key: "team",
              title: t("workspaces:column.team"),
              sort: (row) => row.metadata.team ?? "",
              cell: (row) => row.metadata.team ?? t("templates:forAll"),
            },
            { key: "reference", loose: true, title: t("images:column.reference"), cell: (row) => <code>{row.spec.reference}</code> },
            {
              key: "templates",
              title: t("app:pages.templates"),
              cell: (row) =>
                users(row.metadata.name).length === 0
                  ? "–"
                  : users(row.metadata.name).map((template, index) => (
                      <span key={template.metadata.name}>
                        {index > 0 && ", "}
                        <Link to={`/templates/${template.metadata.name}`}>{template.metadata.name}</Link>
                      </span>
                    )),
            },
          ]}
          empty={
            <EmptyPage title={search ? t("common:noMatch.title") : t("images:list.empty.title")} icon={ImagesIcon}>
              {search ? t("common:noMatch.body") : t("images:list.empty.body")}
            </EmptyPage>
          }
        />
      </PageSection>
    </>
  );
}
