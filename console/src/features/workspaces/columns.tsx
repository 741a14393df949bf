import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import type { Column } from "../../ui/ResourceTable";
import { WorkspaceLabel } from "../../ui/StatusLabel";
import { phaseOf } from "./logic";
import { Why } from "./Why";

/** The columns after the name; whose it is matters only to those who see more than their own. */
export function useColumns(others: boolean): readonly Column<Workspace>[] {
  const { t } = useT();
  return [
    {
      key: "status",
      title: t("workspaces:column.status"),
      sort: (row) => phaseOf(row),
      width: 40,
      cell: (row) => (
        <>
          <WorkspaceLabel phase={phaseOf(row)} />
          <div className="ngy-small">
            <Why workspace={row} />
          </div>
        </>
      ),
    },
    ...(others ? [{ key: "owner", title: t("workspaces:column.owner"), sort: (row: Workspace) => row.spec.owner, cell: (row: Workspace) => row.spec.owner }] : []),
    {
      key: "team",
      title: t("workspaces:column.team"),
      sort: (row) => row.spec.team,
      cell: (row) => (
        <>
          {row.spec.team}
          {row.spec.cluster && row.spec.cluster !== row.spec.team && (
            <div className="ngy-small ngy-quiet">{t("workspaces:list.onCluster", { cluster: row.spec.cluster })}</div>
          )}
        </>
      ),
    },
    {
      key: "template",
      title: t("workspaces:column.template"),
      sort: (row) => row.spec.template,
      cell: (row) => (
        <>
          {row.spec.template}
          {row.status?.outdated && <div className="ngy-small ngy-quiet">{t("workspaces:list.outdated")}</div>}
        </>
      ),
    },
  ];
}
