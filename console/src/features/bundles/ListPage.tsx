import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { BundleIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { RouterLink } from "../../ui/RouterLink";
import { useUrlState } from "../../ui/useUrlState";
import { Counts } from "./Counts";
import { DeleteBundle } from "./DeleteBundle";
import { clustersOf, driftOf, isPaused, STATES, stateOf } from "./logic";
import { usePause } from "./queries";

export default function BundlesPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const list = useList("bundles");
  const groups = useList("groups");
  const pause = usePause();
  const [search] = useUrlState("q");
  const [group] = useUrlState("group");
  const [state] = useUrlState("state");
  const [deleting, setDeleting] = useState<Bundle>();
  const create = (
    <Button component={RouterLink} href="/bundles/new">
      {t("bundles:create.action")}
    </Button>
  );
  return (
    <>
      <ObjectListPage
        plural="bundles"
        list={list}
        rows={list.data?.items.filter(
          (row) =>
            matches(search, row.metadata.name, ...row.spec.groups) &&
            (group === "" || row.spec.groups.includes(group)) &&
            (state === "" || clustersOf(row).some((cluster) => stateOf(cluster) === state)),
        )}
        filtered={search !== "" || group !== "" || state !== ""}
        filters={[
          { name: "state", label: t("workspaces:column.status"), options: STATES.map((value) => ({ value, text: t(`bundles:state.${value}`) })) },
          { name: "group", label: t("groups:one"), options: groups.data?.items.map(({ metadata }) => ({ value: metadata.name, text: metadata.name })) ?? [] },
        ]}
        create={create}
        columns={[
          nameColumn<Bundle>("bundles", t("common:name")),
          { key: "state", title: t("workspaces:column.status"), width: 40, cell: (row) => <Counts bundle={row} /> },
          {
            key: "groups",
            title: t("bundles:column.groups"),
            cell: (row) =>
              row.spec.groups.map((name) => (
                <span key={name} className="ngy-line">
                  <Link to={`/groups/${name}`}>{name}</Link>
                </span>
              )),
          },
          { key: "version", title: t("bundles:column.version"), sort: (row) => row.status?.version ?? 0, cell: (row) => row.status?.version || "–" },
          {
            key: "updated",
            title: t("bundles:column.updated"),
            cell: ({ status }) => (
              <span className="ngy-nowrap">
                {status?.summary ? t("bundles:updated", { updated: status.summary.updated ?? 0, targets: status.summary.targets ?? 0 }) : "–"}
              </span>
            ),
          },
          {
            key: "drift",
            title: t("bundles:column.drift"),
            sort: (row) => driftOf(clustersOf(row)),
            cell: (row) => driftOf(clustersOf(row)),
          },
        ]}
        actions={(row) => [
          { title: t("common:edit"), onClick: () => void navigate(`/bundles/${row.metadata.name}/edit`) },
          {
            title: isPaused(row) ? t("bundles:action.resume") : t("bundles:action.pause"),
            onClick: () => pause.set(row.metadata.name, !isPaused(row)),
          },
          { isSeparator: true },
          { title: t("common:delete"), isDanger: true, onClick: () => setDeleting(row) },
        ]}
        empty={
          <EmptyPage title={t("bundles:list.empty.title")} icon={BundleIcon} action={create}>
            {t("bundles:list.empty.body")}
          </EmptyPage>
        }
      />
      {deleting && <DeleteBundle bundle={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}
