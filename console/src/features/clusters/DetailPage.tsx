import { Alert, Button } from "@patternfly/react-core";
import { lazy, useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { Age } from "../../ui/Age";
import { EventTable } from "../../ui/EventTable";
import { ObjectError } from "../../ui/ObjectError";
import { ObjectPage } from "../../ui/ObjectPage";
import { ClusterLabel } from "../../ui/StatusLabel";
import { Waiting } from "../../ui/Waiting";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { useUrlState } from "../../ui/useUrlState";
import { DeleteDialog } from "./DeleteDialog";
import { useNamespaces } from "./kubernetes";
import { LabelsDialog } from "./LabelsDialog";
import { Overview } from "./Overview";
import { Unconfirmed } from "./Unconfirmed";
import { canStart, canStop, useClusterEvents, useClusterPower } from "./queries";

const Bundles = lazy(() => import("./Bundles"));
const Nodes = lazy(() => import("./Nodes"));
const Workloads = lazy(() => import("./Workloads"));

export default function ClusterPage() {
  const { name = "" } = useParams();
  const { t } = useT();
  const navigate = useNavigate();
  const me = useMe();
  const power = useClusterPower();
  const [deleting, setDeleting] = useState<Cluster>();
  const [labelling, setLabelling] = useState<Cluster>();
  return (
    <>
      <ObjectPage
        plural="clusters"
        badge={(cluster) => <ClusterLabel phase={cluster.status?.phase ?? "Pending"} />}
        actions={(cluster) =>
          me.admin && (
            <>
              {canStart(cluster) && <Button onClick={() => power.mutate({ name, verb: "start" })}>{t("workspaces:action.start")}</Button>}
              {canStop(cluster) && (
                <Button variant="secondary" onClick={() => power.mutate({ name, verb: "stop" })}>
                  {t("workspaces:action.stop")}
                </Button>
              )}
              <Button variant="secondary" onClick={() => setLabelling(cluster)}>
                {t("clusters:labels.edit")}
              </Button>
              <Button variant="secondary" isDanger isDisabled={cluster.status?.phase === "Deleting"} onClick={() => setDeleting(cluster)}>
                {t("common:delete")}
              </Button>
            </>
          )
        }
        above={(cluster) => (
          <>
            <Away cluster={cluster} />
            <Unconfirmed cluster={cluster} />
          </>
        )}
        tabs={[
          { key: "overview", title: t("clusters:tab.overview"), content: (cluster) => <Overview cluster={cluster} /> },
          // Only operations may look at a whole cluster.
          ...(me.admin
            ? [
                { key: "bundles", title: t("app:pages.bundles"), content: ({ metadata }: Cluster) => <Bundles cluster={metadata.name} /> },
                { key: "nodes", title: t("clusters:detail.nodes"), content: (cluster: Cluster) => <Nodes cluster={cluster} /> },
                { key: "workloads", title: t("clusters:tab.workloads"), content: (cluster: Cluster) => <Workloads cluster={cluster} /> },
                { key: "events", title: t("clusters:tab.events"), content: (cluster: Cluster) => <Events cluster={cluster} /> },
              ]
            : []),
        ]}
      />
      {labelling && <LabelsDialog cluster={labelling} onClose={() => setLabelling(undefined)} />}
      {deleting && <DeleteDialog cluster={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/clusters")} />}
    </>
  );
}

/** While the agent is away, what the page shows is what was so when it left. */
function Away({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const { agent, phase } = cluster.status ?? {};
  if (agent === undefined || agent.connected || !agent.since || phase === "Stopped" || phase === "Starting") {
    return null;
  }
  return (
    <Alert variant="warning" isInline className="ngy-gap-bottom" title={t("clusters:agent.awayTitle")}>
      {t("clusters:agent.awayBody")} <Age at={agent.since} />
    </Alert>
  );
}

function Events({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const connected = cluster.status?.agent?.connected === true;
  const events = useClusterEvents(cluster.metadata.name, connected);
  const namespaces = useNamespaces(cluster.metadata.name, connected);
  const [search] = useUrlState("q");
  const [namespace] = useUrlState("ns");
  if (!connected && !events.data) {
    return <Alert variant="info" isInline isPlain title={t("clusters:events.away")} />;
  }
  if (events.error && !events.data) {
    return <ObjectError error={events.error} title={t("clusters:events.failed")} onRetry={() => void events.refetch()} />;
  }
  return (
    <>
      <ListToolbar
        searchLabel={t("clusters:events.search")}
        filters={[{ name: "ns", label: t("workspaces:detail.namespace"), options: namespaces.data?.map((value) => ({ value, text: value })) ?? [] }]}
      />
      {events.data ? (
        <EventTable
          events={events.data.filter(
            ({ object, reason, message }) => matches(search, object, reason, message) && (namespace === "" || object.includes(` ${namespace}/`)),
          )}
        />
      ) : (
        <Waiting />
      )}
    </>
  );
}
