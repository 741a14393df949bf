import { Button, PageSection } from "@patternfly/react-core";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { CubesIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { bytes, cpus } from "../../ui/quantity";
import { ResourceTable } from "../../ui/ResourceTable";
import { RouterLink } from "../../ui/RouterLink";
import { useUrlState } from "../../ui/useUrlState";

export default function TemplatesPage() {
  const { t, language } = useT();
  const list = useList("templates");
  const [search] = useUrlState("q");
  const rows = list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, metadata.team, spec.displayName, spec.image));
  const create = (
    <Button component={RouterLink} href="/templates/new">
      {t("templates:create.action")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("app:pages.templates")} description={t("templates:list.description")} actions={create} />
      <PageSection hasBodyWrapper={false} isFilled>
        {list.error && <ObjectError error={list.error} title={t("templates:list.failed")} onRetry={() => void list.refetch()} />}
        <ListToolbar searchLabel={t("templates:list.search")} />
        <ResourceTable
          label={t("app:pages.templates")}
          rows={list.error && !list.data ? [] : rows}
          rowKey={(row) => row.metadata.name}
          columns={[
            {
              key: "name",
              title: t("common:name"),
              sort: (row) => row.metadata.name,
              cell: (row) => (
                <>
                  <Link to={`/templates/${row.metadata.name}`}>{row.metadata.name}</Link>
                  {row.spec.displayName && <div className="ngy-small ngy-quiet">{row.spec.displayName}</div>}
                </>
              ),
            },
            {
              key: "team",
              title: t("workspaces:column.team"),
              sort: (row) => row.metadata.team ?? "",
              cell: (row) => row.metadata.team ?? t("templates:forAll"),
            },
            { key: "image", title: t("templates:field.image"), sort: (row) => row.spec.image, cell: (row) => row.spec.image },
            {
              key: "resources",
              title: t("templates:column.resources"),
              cell: ({ spec }) =>
                t("clusters:cap", {
                  cpu: cpus(spec.resources.cpuLimit ?? spec.resources.cpu, language),
                  memory: bytes(spec.resources.memoryLimit ?? spec.resources.memory, language),
                }),
            },
            { key: "home", title: t("workspaces:detail.home"), cell: (row) => bytes(row.spec.homeSize, language) },
            {
              key: "workspaces",
              title: t("app:pages.workspaces"),
              sort: (row) => row.status?.workspaces ?? 0,
              cell: (row) => <Link to={`/workspaces?q=${row.metadata.name}`}>{row.status?.workspaces ?? 0}</Link>,
            },
          ]}
          empty={
            search ? (
              <EmptyPage title={t("common:noMatch.title")} icon={CubesIcon}>
                {t("common:noMatch.body")}
              </EmptyPage>
            ) : (
              <EmptyPage title={t("templates:list.empty.title")} icon={CubesIcon} action={create}>
                {t("templates:list.empty.body")}
              </EmptyPage>
            )
          }
        />
      </PageSection>
    </>
  );
}
