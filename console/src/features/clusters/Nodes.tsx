import { Alert, Label } from "@patternfly/react-core";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { CheckCircleIcon, ExclamationTriangleIcon, PauseIcon, ServerIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { bytes, cpus } from "../../ui/quantity";
import { ResourceTable } from "../../ui/ResourceTable";
import { useNodes, type NodeLine } from "./nodes";
import { useWorkloads } from "./workloads";

/** The cluster's nodes as Kubernetes tells them now, each with the pods on it. */
export default function Nodes({ cluster }: { readonly cluster: Cluster }) {
  const { t, language } = useT();
  const { name } = cluster.metadata;
  const connected = cluster.status?.agent?.connected === true;
  const nodes = useNodes(name, connected);
  const { rows, more } = useWorkloads(name, "", connected);
  const pods = Map.groupBy(rows?.filter(({ kind, status }) => kind === "Pod" && status !== "Completed") ?? [], ({ node }) => node);
  // A part of the pods is no number of them.
  const counted = rows !== undefined && !more.includes("Pod");
  if (!connected && !nodes.data) {
    return <Alert variant="info" isInline isPlain title={t("clusters:nodes.away")} />;
  }
  if (nodes.error && !nodes.data) {
    return <ObjectError error={nodes.error} title={t("clusters:nodes.failed")} onRetry={() => void nodes.refetch()} />;
  }
  return (
    <ResourceTable<NodeLine>
      label={t("clusters:detail.nodes")}
      rows={nodes.data}
      rowKey={(row) => row.name}
      columns={[
        {
          key: "name",
          title: t("common:name"),
          sort: (row) => row.name,
          cell: (row) => (
            <>
              {row.name}
              {row.roles && <div className="ngy-small ngy-quiet">{row.roles}</div>}
            </>
          ),
        },
        {
          key: "ready",
          title: t("clusters:node.ready"),
          width: 30,
          loose: true,
          sort: (row) => Number(row.ready),
          cell: (row) => (
            <>
              <div className="ngy-actions">
                <Label status={row.ready ? "success" : "danger"} isCompact variant="outline" icon={row.ready ? <CheckCircleIcon /> : <ExclamationTriangleIcon />}>
                  {row.ready ? t("common:yes") : t("common:no")}
                </Label>
                {row.cordoned && (
                  <Label color="grey" isCompact icon={<PauseIcon />}>
                    {t("clusters:nodes.cordoned")}
                  </Label>
                )}
              </div>
              {row.problems.map((problem) => (
                <div key={problem} className="ngy-small" lang="en">
                  {problem}
                </div>
              ))}
            </>
          ),
        },
        { key: "version", title: t("clusters:column.version"), sort: (row) => row.version, cell: (row) => row.version },
        { key: "system", title: t("clusters:nodes.system"), loose: true, cell: (row) => row.system || "–" },
        {
          key: "capacity",
          title: t("clusters:node.capacity"),
          cell: (row) => t("clusters:cap", { cpu: cpus(row.cpu, language), memory: bytes(row.memory, language) }),
        },
        {
          key: "pods",
          title: t("clusters:nodes.pods"),
          sort: (row) => pods.get(row.name)?.length ?? 0,
          cell: (row) => t("clusters:nodes.podsOf", { pods: counted ? String(pods.get(row.name)?.length ?? 0) : "–", most: row.pods || "–" }),
        },
        { key: "created", title: t("common:created"), cell: (row) => <Age at={row.created} /> },
      ]}
      empty={<EmptyPage title={t("clusters:nodes.empty")} icon={ServerIcon} />}
    />
  );
}
