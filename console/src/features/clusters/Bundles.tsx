import { Link } from "react-router";
import { useList } from "../../api/resources";
import type { Bundle, BundleCluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { BundleIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";
import { BundleStateLabel } from "../bundles/BundleStateLabel";
import { Drift } from "../bundles/Drift";
import { clustersOf, STATES, stateOf } from "../bundles/logic";

interface Line {
  readonly bundle: Bundle;
  readonly on: BundleCluster;
}

/** The bundles that the cluster should have, and where each stands here. */
export default function Bundles({ cluster }: { readonly cluster: string }) {
  const { t } = useT();
  const bundles = useList("bundles");
  if (bundles.error && !bundles.data) {
    return <ObjectError error={bundles.error} title={t("bundles:list.failed")} onRetry={() => void bundles.refetch()} />;
  }
  const rows = bundles.data?.items.flatMap((bundle): Line[] => {
    const on = clustersOf(bundle).find((line) => line.cluster === cluster);
    return on ? [{ bundle, on }] : [];
  });
  return (
    <ResourceTable<Line>
      label={t("app:pages.bundles")}
      rows={rows}
      rowKey={({ bundle }) => bundle.metadata.name}
      columns={[
        {
          key: "name",
          title: t("common:name"),
          sort: ({ bundle }) => bundle.metadata.name,
          cell: ({ bundle }) => <Link to={`/bundles/${bundle.metadata.name}`}>{bundle.metadata.name}</Link>,
        },
        {
          key: "state",
          title: t("workspaces:column.status"),
          sort: ({ on }) => STATES.indexOf(stateOf(on)),
          width: 35,
          loose: true,
          cell: ({ on }) => (
            <>
              <BundleStateLabel state={stateOf(on)} /> {on.since && <Age at={on.since} />}
              {on.message && (
                <div className="ngy-small" lang="en">
                  {on.message}
                </div>
              )}
            </>
          ),
        },
        { key: "version", title: t("bundles:column.version"), cell: ({ on }) => on.version || "–" },
        { key: "drift", title: t("bundles:column.drift"), width: 30, loose: true, sort: ({ on }) => on.drift?.count ?? 0, cell: ({ on }) => <Drift of={on} /> },
      ]}
      primaryAction={({ bundle }) => <Link to={`/bundles/${bundle.metadata.name}?on=${cluster}`}>{t("bundles:versions.difference")}</Link>}
      empty={
        <EmptyPage title={t("clusters:bundles.empty.title")} icon={BundleIcon}>
          {t("clusters:bundles.empty.body")}
        </EmptyPage>
      }
    />
  );
}
