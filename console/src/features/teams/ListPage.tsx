import { Button, PageSection } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { EmptyPage } from "../../ui/EmptyPage";
import { SearchIcon, UsersIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { isDeleted } from "../workspaces/logic";
import { CreateDialog } from "./CreateDialog";

export default function TeamsPage() {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const list = useList("teams");
  const workspaces = useList("workspaces");
  const [search] = useUrlState("q");
  const [creating, setCreating] = useState(false);
  const rows = list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.displayName, spec.cluster));
  const create = me.role === "admin" && <Button onClick={() => setCreating(true)}>{t("teams:create.action")}</Button>;
  const count = (team: string) => workspaces.data?.items.filter((item) => item.spec.team === team && !isDeleted(item)).length;
  return (
    <>
      <PageHeader title={t("app:pages.teams")} description={t("teams:list.description")} actions={create} />
      <PageSection hasBodyWrapper={false} isFilled>
        {list.error && <ObjectError error={list.error} title={t("teams:list.failed")} onRetry={() => void list.refetch()} />}
        <ListToolbar searchLabel={t("teams:list.search")} />
        <ResourceTable
          label={t("app:pages.teams")}
          rows={list.error && !list.data ? [] : rows}
          rowKey={(row) => row.metadata.name}
          columns={[
            {
              key: "name",
              title: t("common:name"),
              sort: (row) => row.metadata.name,
              cell: (row) => (
                <>
                  <Link to={`/teams/${row.metadata.name}`}>{row.metadata.name}</Link>
                  {row.spec.displayName && <div className="ngy-small ngy-quiet">{row.spec.displayName}</div>}
                </>
              ),
            },
            { key: "cluster", title: t("workspaces:column.cluster"), sort: (row) => row.spec.cluster, cell: (row) => row.spec.cluster },
            { key: "namespace", title: t("workspaces:detail.namespace"), cell: (row) => row.spec.namespace || row.metadata.name },
            {
              key: "members",
              title: t("teams:members.title"),
              sort: (row) => row.spec.members?.length ?? 0,
              cell: (row) => row.spec.members?.length ?? 0,
            },
            {
              key: "workspaces",
              title: t("app:pages.workspaces"),
              sort: (row) => count(row.metadata.name) ?? 0,
              cell: (row) => <Link to={`/workspaces?team=${row.metadata.name}`}>{count(row.metadata.name) ?? "–"}</Link>,
            },
          ]}
          empty={
            search ? (
              <EmptyPage title={t("common:noMatch.title")} icon={SearchIcon}>
                {t("common:noMatch.body")}
              </EmptyPage>
            ) : (
              <EmptyPage title={t("teams:list.empty.title")} icon={UsersIcon} action={create}>
                {t("teams:list.empty.body")}
              </EmptyPage>
            )
          }
        />
      </PageSection>
      {creating && <CreateDialog onClose={() => setCreating(false)} onDone={(name) => void navigate(`/teams/${name}`)} />}
    </>
  );
}
