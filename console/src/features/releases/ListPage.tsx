import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Release } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { CubeIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { RouterLink } from "../../ui/RouterLink";
import { useUrlState } from "../../ui/useUrlState";
import { chartAddress, useCharts } from "../catalogue/queries";
import { DeleteRelease } from "./DeleteRelease";
import { byNeed, clustersOf, mayRetry, newer, stateOf, STATES, worstState } from "./logic";
import { useRetry } from "./queries";
import { ReleaseStates } from "./ReleaseStateLabel";
import { Target } from "./Target";

export default function ReleasesPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const list = useList("releases");
  const charts = useCharts();
  const retry = useRetry();
  const [search] = useUrlState("q");
  const [state] = useUrlState("state");
  const [target] = useUrlState("target");
  const [deleting, setDeleting] = useState<Release>();
  const newest = new Map(charts.data?.map((chart) => [`${chart.repository}/${chart.name}`, chart.version]));
  const toNewer = ({ spec, ...rest }: Release) => newer({ spec, ...rest }, newest.get(`${spec.repository}/${spec.chart}`));
  const targets = [...new Set(list.data?.items.map(({ spec }) => spec.cluster ?? spec.group ?? ""))].filter(Boolean).toSorted();
  const create = (
    <Button component={RouterLink} href="/catalogue">
      {t("releases:list.empty.action")}
    </Button>
  );
  return (
    <>
      <ObjectListPage
        plural="releases"
        list={list}
        rows={list.data?.items.filter(
          (row) =>
            matches(search, row.metadata.name, row.spec.chart, row.spec.namespace, row.spec.team) &&
            (target === "" || row.spec.cluster === target || row.spec.group === target) &&
            (state === "" || clustersOf(row).some((cluster) => stateOf(cluster) === state)),
        )}
        filtered={search !== "" || state !== "" || target !== ""}
        filters={[
          { name: "state", label: t("workspaces:column.status"), options: STATES.map((value) => ({ value, text: t(`releases:state.${value}`) })) },
          { name: "target", label: t("releases:column.target"), options: targets.map((value) => ({ value, text: value })) },
        ]}
        create={create}
        columns={[
          nameColumn<Release>("releases", t("common:name"), ({ spec }) => spec.team),
          {
            key: "chart",
            title: t("releases:column.chart"),
            sort: (row) => row.spec.chart,
            cell: ({ spec }) => <Link to={chartAddress(spec.repository, spec.chart)}>{spec.chart}</Link>,
          },
          {
            key: "version",
            title: t("releases:column.version"),
            cell: (row) => {
              const next = toNewer(row);
              return (
                <>
                  {row.status?.version || row.spec.version || "–"}
                  {next && (
                    <Link className="ngy-line ngy-small" to={`/releases/${row.metadata.name}/upgrade?version=${encodeURIComponent(next)}`}>
                      {t("releases:version.newer", { version: next })}
                    </Link>
                  )}
                </>
              );
            },
          },
          { key: "target", title: t("releases:column.target"), sort: ({ spec }) => spec.cluster ?? spec.group ?? "", cell: (row) => <Target release={row} /> },
          {
            key: "revision",
            title: t("releases:column.revision"),
            cell: (row) => clustersOf(row).map(({ revision }) => revision || "–").join(", ") || "–",
          },
          {
            key: "state",
            title: t("workspaces:column.status"),
            sort: (row) => STATES.indexOf(worstState(row) ?? "Ready"),
            width: 35,
            loose: true,
            cell: (row) => <StateCell release={row} />,
          },
        ]}
        actions={(row) => {
          const next = toNewer(row);
          return [
            {
              title: next ? t("releases:version.toNewer", { version: next }) : t("releases:action.edit"),
              onClick: () => void navigate(`/releases/${row.metadata.name}/upgrade${next ? `?version=${encodeURIComponent(next)}` : ""}`),
            },
            ...(mayRetry(row) ? [{ title: t("releases:action.retry"), onClick: () => retry.mutate(row.metadata.name) }] : []),
            { title: t("releases:action.rollBack"), onClick: () => void navigate(`/releases/${row.metadata.name}/history`) },
            { isSeparator: true },
            { title: t("releases:action.uninstall"), isDanger: true, onClick: () => setDeleting(row) },
          ];
        }}
        empty={
          <EmptyPage title={t("releases:list.empty.title")} icon={CubeIcon} action={create}>
            {t("releases:list.empty.body")}
          </EmptyPage>
        }
      />
      {deleting && <DeleteRelease release={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}

/** Where it stands, since when and why: the reason is that of the cluster that needs somebody most. */
function StateCell({ release }: { readonly release: Release }) {
  const [first] = byNeed(release);
  const reason = first?.message || first?.step;
  return (
    <>
      <ReleaseStates release={release} /> {first?.since && <Age at={first.since} />}
      {reason && (
        <div className="ngy-small" lang="en">
          {reason}
        </div>
      )}
    </>
  );
}
