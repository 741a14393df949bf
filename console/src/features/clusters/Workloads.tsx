import { Alert, Button, Label } from "@patternfly/react-core";
import { useSearchParams } from "react-router";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { CheckCircleIcon, CubesIcon, ExclamationTriangleIcon, SearchIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { MOST, useNamespaces } from "./kubernetes";
import { PodView } from "./PodView";
import { KINDS, useWorkloads, type Workload } from "./workloads";

/** What runs on the cluster, all kinds in one table; a pod leads to its log and a shell. */
export default function Workloads({ cluster }: { readonly cluster: Cluster }) {
  const { name } = cluster.metadata;
  const [query, setQuery] = useSearchParams();
  const connected = cluster.status?.agent?.connected === true;
  const [namespace = "", pod = ""] = query.get("pod")?.split("/") ?? [];
  const show = (to?: Workload, view?: string) =>
    setQuery((old) => {
      const next = new URLSearchParams(old);
      for (const key of ["pod", "view", "container"]) {
        next.delete(key);
      }
      if (to) {
        next.set("pod", `${to.namespace}/${to.name}`);
      }
      if (view) {
        next.set("view", view);
      }
      return next;
    });
  return pod === "" ? (
    <WorkloadTable cluster={name} connected={connected} onPod={show} />
  ) : (
    <PodView cluster={name} namespace={namespace} name={pod} onBack={() => show()} />
  );
}

interface TableProps {
  readonly cluster: string;
  readonly connected: boolean;
  readonly onPod: (pod: Workload, view?: string) => void;
}

function WorkloadTable({ cluster, connected, onPod }: TableProps) {
  const { t } = useT();
  const [search] = useUrlState("q");
  const [kind] = useUrlState("kind");
  const [namespace] = useUrlState("ns");
  const [wrong] = useUrlState("wrong");
  const namespaces = useNamespaces(cluster, connected);
  const { rows, more, error, refetch } = useWorkloads(cluster, namespace, connected);
  if (!connected && rows === undefined) {
    return <Alert variant="info" isInline isPlain title={t("clusters:workloads.away")} />;
  }
  const filtered = search !== "" || kind !== "" || wrong !== "";
  const shown = rows?.filter(
    (row) => matches(search, row.name, row.status, row.node) && (kind === "" || row.kind === kind) && (wrong === "" || !row.well),
  );
  return (
    <>
      {error && <ObjectError error={error} title={t("clusters:workloads.failed")} onRetry={() => void refetch()} />}
      {more.length > 0 && (
        <Alert variant="info" isInline title={t("clusters:workloads.more", { kinds: more.join(", "), most: MOST })} className="ngy-gap-bottom" />
      )}
      <ListToolbar
        searchLabel={t("clusters:workloads.search")}
        filters={[
          { name: "ns", label: t("workspaces:detail.namespace"), options: namespaces.data?.map((value) => ({ value, text: value })) ?? [] },
          { name: "kind", label: t("clusters:workloads.kind"), options: KINDS.map((value) => ({ value, text: value })) },
          { name: "wrong", label: t("workspaces:column.status"), options: [{ value: "1", text: t("clusters:workloads.wrong") }] },
        ]}
      />
      {(!error || rows) && (
        <ResourceTable
          label={t("clusters:tab.workloads")}
          rows={shown}
          rowKey={(row) => `${row.kind}/${row.namespace}/${row.name}`}
          columns={[
            {
              key: "name",
              title: t("common:name"),
              sort: (row) => row.name,
              width: 30,
              loose: true,
              cell: (row) => (
                <>
                  {row.kind === "Pod" ? (
                    <Button variant="link" isInline onClick={() => onPod(row)}>
                      {row.name}
                    </Button>
                  ) : (
                    row.name
                  )}
                  <div className="ngy-small ngy-quiet">{row.kind}</div>
                </>
              ),
            },
            { key: "namespace", title: t("workspaces:detail.namespace"), sort: (row) => row.namespace, cell: (row) => row.namespace },
            {
              key: "ready",
              title: t("clusters:node.ready"),
              sort: (row) => Number(row.well),
              cell: (row) => (
                <Label status={row.well ? "success" : "warning"} isCompact variant="outline" icon={row.well ? <CheckCircleIcon /> : <ExclamationTriangleIcon />}>
                  {row.ready}
                </Label>
              ),
            },
            { key: "status", title: t("workspaces:column.status"), sort: (row) => row.status, cell: (row) => <span lang="en">{row.status || "–"}</span> },
            { key: "restarts", title: t("clusters:component.restarts"), sort: (row) => Number.parseInt(row.restarts, 10) || 0, cell: (row) => row.restarts || "–" },
            { key: "node", title: t("workspaces:detail.node"), sort: (row) => row.node, cell: (row) => row.node || "–" },
            { key: "created", title: t("common:created"), sort: (row) => row.created ?? "", cell: (row) => <Age at={row.created} /> },
          ]}
          actions={(row) =>
            row.kind === "Pod"
              ? (["logs", "shell", "events"] as const).map((view) => ({ title: t(`clusters:pod.${view}`), onClick: () => onPod(row, view) }))
              : []
          }
          empty={
            <EmptyPage title={filtered ? t("common:noMatch.title") : t("clusters:workloads.empty")} icon={filtered ? SearchIcon : CubesIcon}>
              {filtered ? t("common:noMatch.body") : undefined}
            </EmptyPage>
          }
        />
      )}
    </>
  );
}
