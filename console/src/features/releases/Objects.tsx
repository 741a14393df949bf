import type { ReleaseCluster, ReleaseObject } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { CheckCircleIcon, CubesIcon, HourglassHalfIcon, SearchIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ResourceTable } from "../../ui/ResourceTable";
import { PhaseLabel } from "../../ui/StatusLabel";
import { useUrlState } from "../../ui/useUrlState";

/** The objects of a release on a cluster, each with whether it is ready and why not. */
export function Objects({ cluster: { objects = [] } }: { readonly cluster: ReleaseCluster }) {
  const { t } = useT();
  const [search] = useUrlState("q");
  return (
    <>
      <ListToolbar searchLabel={t("releases:objects.search")} />
      <ResourceTable<ReleaseObject>
        label={t("releases:tab.objects")}
        rows={objects.filter(({ object, message }) => matches(search, object, message))}
        rowKey={(row) => row.object ?? ""}
        columns={[
          { key: "object", title: t("releases:objects.object"), sort: (row) => row.object ?? "", loose: true, cell: (row) => <code>{row.object}</code> },
          {
            key: "state",
            title: t("releases:objects.state"),
            sort: (row) => (row.ready ? 1 : 0),
            width: 45,
            loose: true,
            cell: (row) => (
              <>
                {row.ready ? (
                  <PhaseLabel look={["success", CheckCircleIcon]} text={t("releases:objects.ready")} />
                ) : (
                  <PhaseLabel look={["info", HourglassHalfIcon]} text={t("releases:objects.notReady")} />
                )}
                {row.message && (
                  <div className="ngy-small" lang="en">
                    {row.message}
                  </div>
                )}
              </>
            ),
          },
        ]}
        empty={
          objects.length === 0 ? (
            <EmptyPage title={t("releases:objects.empty.title")} icon={CubesIcon}>
              {t("releases:objects.empty.body")}
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
