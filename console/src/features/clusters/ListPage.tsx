import { Button } from "@patternfly/react-core";
import { useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { EmptyPage } from "../../ui/EmptyPage";
import { ServerIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { bytes, cpus } from "../../ui/quantity";
import { ClusterLabel } from "../../ui/StatusLabel";
import { useUrlState } from "../../ui/useUrlState";
import { byCluster } from "../home/fleet";
import { ClusterWhy } from "../home/ProblemList";
import { AgentSeen } from "./AgentSeen";
import { CreateDialog } from "./CreateDialog";
import { DeleteDialog } from "./DeleteDialog";
import { labelsAsText } from "./labels";
import { canStart, canStop, useClusterPower } from "./queries";

const PHASES = ["Ready", "Degraded", "Unreachable", "Starting", "Stopped"] as const;

export default function ClustersPage() {
  const { t, language } = useT();
  const me = useMe();
  const list = useList("clusters");
  const navigate = useNavigate();
  const power = useClusterPower();
  const [search] = useUrlState("q");
  const [phase] = useUrlState("phase");
  const [group] = useUrlState("group");
  const groups = useList("groups", me.admin);
  const bundles = useList("bundles", me.admin);
  const said = useMemo(() => byCluster(bundles.data?.items ?? []), [bundles.data]);
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Cluster>();
  const chosen = groups.data?.items.find(({ metadata }) => metadata.name === group);
  const inGroup = chosen && new Set(chosen.status?.clusters);
  const rows = list.data?.items.filter(
    ({ metadata, status }) =>
      matches(search, metadata.name, status?.kubernetesVersion, labelsAsText(metadata.labels)) &&
      (phase === "" || (status?.phase ?? "Pending") === phase) &&
      (inGroup === undefined || inGroup.has(metadata.name)),
  );
  const create = me.admin && <Button onClick={() => setCreating(true)}>{t("clusters:create.action")}</Button>;
  const changes = (row: Cluster) => [
    ...(canStart(row) ? [{ title: t("workspaces:action.start"), onClick: () => power.mutate({ name: row.metadata.name, verb: "start" }) }] : []),
    ...(canStop(row) ? [{ title: t("workspaces:action.stop"), onClick: () => power.mutate({ name: row.metadata.name, verb: "stop" }) }] : []),
    { isSeparator: true },
    { title: t("common:delete"), isDanger: true, onClick: () => setDeleting(row) },
  ];
  return (
    <>
      <ObjectListPage
        plural="clusters"
        list={list}
        rows={rows}
        filtered={search !== "" || phase !== "" || group !== ""}
        filters={[
          { name: "phase", label: t("workspaces:column.status"), options: PHASES.map((value) => ({ value, text: t(`clusters:phase.${value}`) })) },
          ...(me.admin
            ? [{ name: "group", label: t("groups:one"), options: groups.data?.items.map(({ metadata }) => ({ value: metadata.name, text: metadata.name })) ?? [] }]
            : []),
        ]}
        create={create}
        columns={[
          nameColumn<Cluster>("clusters", t("common:name")),
          {
            key: "status",
            title: t("workspaces:column.status"),
            sort: (row) => row.status?.phase ?? "",
            width: 30,
            cell: (row) => (
              <>
                <ClusterLabel phase={row.status?.phase ?? "Pending"} />
                {row.status?.phase !== "Ready" && (
                  <div className="ngy-small">
                    <ClusterWhy cluster={row} />
                  </div>
                )}
              </>
            ),
          },
          {
            key: "version",
            title: t("clusters:column.version"),
            sort: (row) => row.status?.kubernetesVersion ?? "",
            cell: (row) => (
              <>
                {row.status?.kubernetesVersion || "–"}
                <div className="ngy-small ngy-quiet">
                  {row.spec.local
                    ? t("clusters:cap", { cpu: cpus(row.spec.local.cpu, language), memory: bytes(row.spec.local.memory, language) })
                    : t("clusters:provider.import")}
                </div>
              </>
            ),
          },
          {
            key: "workspaces",
            title: t("app:pages.workspaces"),
            sort: (row) => row.status?.workspaces?.total ?? 0,
            cell: (row) => (
              <Link to={`/workspaces?q=${row.metadata.name}`}>
                {t("clusters:running", { running: row.status?.workspaces?.running ?? 0, total: row.status?.workspaces?.total ?? 0 })}
              </Link>
            ),
          },
          ...(me.admin
            ? [
                {
                  key: "bundles",
                  title: t("app:pages.bundles"),
                  sort: (row: Cluster) => said.get(row.metadata.name)?.unready ?? 0,
                  cell: (row: Cluster) => <OfBundles of={said.get(row.metadata.name)} cluster={row.metadata.name} />,
                },
              ]
            : []),
          { key: "agent", title: t("clusters:column.agent"), cell: (row) => <AgentSeen cluster={row} /> },
        ]}
        actions={(row) => [
          { title: t("workspaces:action.details"), onClick: () => void navigate(`/clusters/${row.metadata.name}`) },
          ...(!me.admin ? [] : changes(row)),
        ]}
        empty={
          <EmptyPage title={t("clusters:list.empty.title")} icon={ServerIcon} action={create}>
            {t("clusters:list.empty.body")}
          </EmptyPage>
        }
      />
      {creating && <CreateDialog onClose={() => setCreating(false)} onDone={(name) => void navigate(`/clusters/${name}`)} />}
      {deleting && <DeleteDialog cluster={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}

/** How many bundles are not ready on a cluster, and how often something was put back there. */
function OfBundles({ of, cluster }: { readonly of: { readonly unready: number; readonly drift: number } | undefined; readonly cluster: string }) {
  const { t } = useT();
  if (!of) {
    return <>–</>;
  }
  return (
    <Link to={`/clusters/${cluster}/bundles`} className="ngy-nowrap">
      {of.unready === 0 ? t("clusters:bundles.well") : t("clusters:bundles.unready", { count: of.unready })}
      {of.drift > 0 && <span className="ngy-line">{t("clusters:bundles.drift", { count: of.drift })}</span>}
    </Link>
  );
}
