import { Alert, Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Cluster, Group } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { Entries } from "../../ui/Entries";
import { LayerGroupIcon, ServerIcon } from "../../ui/icons";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectError } from "../../ui/ObjectError";
import { ObjectPage } from "../../ui/ObjectPage";
import { ResourceTable } from "../../ui/ResourceTable";
import { ClusterLabel } from "../../ui/StatusLabel";
import { ClusterLabels } from "../clusters/ClusterLabels";
import { Counts } from "../bundles/Counts";
import { DeleteGroup } from "./DeleteGroup";
import { GroupDialog } from "./GroupDialog";
import { bundlesOf, selected } from "./logic";
import { Selected } from "./Selected";

export default function GroupPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const [editing, setEditing] = useState<Group>();
  const [deleting, setDeleting] = useState<string>();
  return (
    <>
      <ObjectPage
        plural="groups"
        actions={(group) => (
          <>
            <Button variant="secondary" onClick={() => setEditing(group)}>
              {t("common:edit")}
            </Button>
            <Button variant="secondary" isDanger onClick={() => setDeleting(group.metadata.name)}>
              {t("common:delete")}
            </Button>
          </>
        )}
        tabs={[
          { key: "clusters", title: t("app:pages.clusters"), content: (group) => <Clusters group={group} /> },
          { key: "bundles", title: t("app:pages.bundles"), content: (group) => <Bundles group={group} /> },
        ]}
      />
      {editing && <GroupDialog group={editing} onClose={() => setEditing(undefined)} onDone={() => setEditing(undefined)} />}
      {deleting !== undefined && <DeleteGroup name={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/groups")} />}
    </>
  );
}

/** The clusters that are in the group now, by the selector itself; whether the server has come to the same says the note. */
function Clusters({ group }: { readonly group: Group }) {
  const { t } = useT();
  const clusters = useList("clusters");
  const rows = clusters.data && selected(group.spec.selector, clusters.data.items);
  const known = new Set(group.status?.clusters);
  const behind = rows && group.status && (rows.length !== known.size || rows.some(({ metadata }) => !known.has(metadata.name)));
  return (
    <>
      <div className="ngy-gap-bottom">
        <Entries entries={[[t("groups:selector.label"), <Selected key="selector" by={group.spec.selector} />]]} />
      </div>
      {behind && <Alert variant="info" isInline isPlain title={t("groups:detail.behind")} className="ngy-gap-bottom" />}
      {clusters.error && <ObjectError error={clusters.error} onRetry={() => void clusters.refetch()} />}
      {!clusters.error && (
        <ResourceTable
          label={t("app:pages.clusters")}
          rows={rows}
          rowKey={(row) => row.metadata.name}
          columns={[
            nameColumn<Cluster>("clusters", t("common:name")),
            {
              key: "status",
              title: t("workspaces:column.status"),
              sort: (row) => row.status?.phase ?? "",
              cell: (row) => <ClusterLabel phase={row.status?.phase ?? "Pending"} />,
            },
            {
              key: "version",
              title: t("clusters:column.version"),
              sort: (row) => row.status?.kubernetesVersion ?? "",
              cell: (row) => row.status?.kubernetesVersion || "–",
            },
            { key: "labels", title: t("clusters:labels.title"), loose: true, cell: (row) => <ClusterLabels cluster={row} /> },
          ]}
          empty={
            <EmptyPage title={t("groups:detail.nobody.title")} icon={ServerIcon}>
              {t("groups:detail.nobody.body")}
            </EmptyPage>
          }
        />
      )}
    </>
  );
}

function Bundles({ group }: { readonly group: Group }) {
  const { t } = useT();
  const bundles = useList("bundles");
  if (bundles.error) {
    return <ObjectError error={bundles.error} onRetry={() => void bundles.refetch()} />;
  }
  return (
    <ResourceTable
      label={t("app:pages.bundles")}
      rows={bundles.data && bundlesOf(group.metadata.name, bundles.data.items)}
      rowKey={(row) => row.metadata.name}
      columns={[
        {
          key: "name",
          title: t("common:name"),
          sort: (row) => row.metadata.name,
          cell: (row) => <Link to={`/bundles/${row.metadata.name}`}>{row.metadata.name}</Link>,
        },
        { key: "state", title: t("workspaces:column.status"), cell: (row) => <Counts bundle={row} /> },
      ]}
      empty={
        <EmptyPage title={t("groups:detail.noBundle.title")} icon={LayerGroupIcon}>
          {t("groups:detail.noBundle.body")}
        </EmptyPage>
      }
    />
  );
}
