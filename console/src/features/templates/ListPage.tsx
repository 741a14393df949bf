import { Button } from "@patternfly/react-core";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import type { Template } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { CubesIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { bytes, cpus } from "../../ui/quantity";
import { RouterLink } from "../../ui/RouterLink";
import { useUrlState } from "../../ui/useUrlState";
import { origin } from "./origin";

export default function TemplatesPage() {
  const { t, language } = useT();
  const list = useList("templates");
  const [search] = useUrlState("q");
  const create = (
    <Button component={RouterLink} href="/templates/new">
      {t("templates:create.action")}
    </Button>
  );
  return (
    <ObjectListPage
      plural="templates"
      list={list}
      rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, metadata.team, spec.displayName, origin(spec)))}
      filtered={search !== ""}
      create={create}
      columns={[
        nameColumn<Template>("templates", t("common:name"), (row) => row.spec.displayName),
        {
          key: "team",
          title: t("workspaces:column.team"),
          sort: (row) => row.metadata.team ?? "",
          cell: (row) => row.metadata.team ?? t("templates:forAll"),
        },
        { key: "from", title: t("templates:field.from"), sort: (row) => origin(row.spec), cell: (row) => origin(row.spec) },
        {
          key: "resources",
          title: t("templates:column.resources"),
          cell: ({ spec: { resources } }) =>
            resources &&
            t("clusters:cap", {
              cpu: cpus(resources.cpuLimit ?? resources.cpu, language),
              memory: bytes(resources.memoryLimit ?? resources.memory, language),
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
        <EmptyPage title={t("templates:list.empty.title")} icon={CubesIcon} action={create}>
          {t("templates:list.empty.body")}
        </EmptyPage>
      }
    />
  );
}
