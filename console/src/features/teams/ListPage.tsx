import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Team } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { EmptyPage } from "../../ui/EmptyPage";
import { UsersIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
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
  const create = me.role === "admin" && <Button onClick={() => setCreating(true)}>{t("teams:create.action")}</Button>;
  // Counted once, not for every row and comparison.
  const byTeam =
    workspaces.data &&
    Map.groupBy(
      workspaces.data.items.filter((item) => !isDeleted(item)),
      (item) => item.spec.team,
    );
  const count = (team: string) => byTeam && (byTeam.get(team)?.length ?? 0);
  return (
    <>
      <ObjectListPage
        plural="teams"
        list={list}
        rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.displayName, spec.cluster))}
        filtered={search !== ""}
        create={create}
        columns={[
          nameColumn<Team>("teams", t("common:name"), (row) => row.spec.displayName),
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
          <EmptyPage title={t("teams:list.empty.title")} icon={UsersIcon} action={create}>
            {t("teams:list.empty.body")}
          </EmptyPage>
        }
      />
      {creating && <CreateDialog onClose={() => setCreating(false)} onDone={(name) => void navigate(`/teams/${name}`)} />}
    </>
  );
}
