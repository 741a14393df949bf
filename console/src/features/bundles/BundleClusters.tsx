import { lazy } from "react";
import { Link, useSearchParams } from "react-router";
import type { Bundle, BundleCluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { SearchIcon, ServerIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { BundleStateLabel } from "./BundleStateLabel";
import { Drift } from "./Drift";
import { clustersOf, driftOf, shown, STATES, stateOf } from "./logic";

const ClusterDifference = lazy(() => import("./ClusterDifference"));

/** The bundle's clusters, or what is different on the one in the address. */
export function BundleClusters({ bundle }: { readonly bundle: Bundle }) {
  const [query, setQuery] = useSearchParams();
  const cluster = query.get("on");
  const look = (at?: string) =>
    setQuery((old) => {
      const next = new URLSearchParams(old);
      next.delete("on");
      if (at !== undefined) {
        next.set("on", at);
      }
      return next;
    });
  return cluster ? <ClusterDifference bundle={bundle} cluster={cluster} onBack={() => look()} /> : <ClusterTable bundle={bundle} onLook={look} />;
}

/** Each cluster that should have the bundle: where it stands and why, and what others changed there. */
function ClusterTable({ bundle, onLook }: { readonly bundle: Bundle; readonly onLook: (cluster: string) => void }) {
  const { t } = useT();
  const [search] = useUrlState("q");
  const [state] = useUrlState("state");
  const all = clustersOf(bundle);
  const newest = bundle.status?.version ?? 0;
  const rows = shown(all, state).filter(({ cluster, message, drift }) => matches(search, cluster, message, drift?.last?.object, drift?.last?.manager));
  return (
    <>
      <ListToolbar
        searchLabel={t("bundles:clusters.search")}
        filters={[
          {
            name: "state",
            label: t("workspaces:column.status"),
            options: [
              ...STATES.map((value) => ({ value: value as string, text: t(`bundles:state.${value}`) })),
              ...(driftOf(all) > 0 ? [{ value: "drift", text: t("bundles:clusters.drifted") }] : []),
            ],
          },
        ]}
      />
      <ResourceTable<BundleCluster>
        label={t("app:pages.clusters")}
        rows={rows}
        rowKey={(row) => row.cluster ?? ""}
        columns={[
          {
            key: "name",
            title: t("workspaces:column.cluster"),
            sort: (row) => row.cluster ?? "",
            cell: (row) => <Link to={`/clusters/${row.cluster}`}>{row.cluster}</Link>,
          },
          {
            key: "state",
            title: t("workspaces:column.status"),
            // What needs somebody comes first.
            sort: (row) => STATES.indexOf(stateOf(row)),
            width: 35,
            loose: true,
            cell: (row) => (
              <>
                <BundleStateLabel state={stateOf(row)} /> {row.since && <Age at={row.since} />}
                {row.message && (
                  <div className="ngy-small" lang="en">
                    {row.message}
                  </div>
                )}
              </>
            ),
          },
          {
            key: "version",
            title: t("bundles:column.version"),
            sort: (row) => row.version ?? 0,
            cell: (row) =>
              !row.version ? "–" : row.version === newest ? row.version : t("bundles:clusters.older", { version: row.version, newest }),
          },
          {
            key: "objects",
            title: t("bundles:tab.objects"),
            cell: (row) => t("bundles:clusters.objects", { ready: row.ready ?? 0, total: row.objects ?? 0 }),
          },
          {
            key: "drift",
            title: t("bundles:column.drift"),
            sort: (row) => row.drift?.count ?? 0,
            width: 30,
            loose: true,
            cell: (row) => <Drift of={row} />,
          },
        ]}
        actions={(row) => [{ title: t("bundles:onCluster.action"), onClick: () => onLook(row.cluster ?? "") }]}
        empty={
          all.length === 0 ? (
            <EmptyPage title={bundle.status ? t("bundles:clusters.empty.title") : t("bundles:notYet")} icon={ServerIcon}>
              {t("bundles:clusters.empty.body")}
            </EmptyPage>
          ) : (
            <EmptyPage title={t("common:noMatch.title")} icon={SearchIcon}>
              {t("common:noMatch.body")}
            </EmptyPage>
          )
        }
      />
    </>
  );
}
