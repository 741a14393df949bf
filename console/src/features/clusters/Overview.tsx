import { Alert, Card, CardBody, CardTitle, ClipboardCopy, Grid, GridItem, Label, List, ListItem } from "@patternfly/react-core";
import type { ComponentProps } from "react";
import { Link } from "react-router";
import type { Cluster } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age, absoluteTime } from "../../ui/Age";
import { Entries } from "../../ui/Entries";
import { FactTable } from "../../ui/FactTable";
import { CheckCircleIcon, ExclamationTriangleIcon } from "../../ui/icons";
import { bytes, cpus } from "../../ui/quantity";
import { ClusterWhy } from "../home/ProblemList";
import { AgentSeen } from "./AgentSeen";
import { AgentUpdates } from "./AgentUpdates";
import { ClusterLabels } from "./ClusterLabels";

export function Overview({ cluster }: { readonly cluster: Cluster }) {
  const { t, language, i18n } = useT();
  const { metadata, spec, status } = cluster;
  const { name } = metadata;
  const phase = status?.phase ?? "Pending";
  const facts = status?.facts;
  const errors = status?.intent?.errors ?? [];
  const behind = status?.intent && status.intent.applied < status.intent.desired;
  return (
    <Grid hasGutter>
      {(phase === "Degraded" || phase === "Unreachable") && (
        <GridItem span={12}>
          <Alert variant="warning" isInline title={<ClusterWhy cluster={cluster} />} />
        </GridItem>
      )}
      {errors.length > 0 && (
        <GridItem span={12}>
          <Alert variant="danger" isInline title={t("home:problem.intent", { count: errors.length })}>
            <List>
              {errors.map((error) => (
                <ListItem key={error.object}>
                  <code>{error.object}</code> <span lang="en">{error.message}</span>
                </ListItem>
              ))}
            </List>
          </Alert>
        </GridItem>
      )}
      <GridItem lg={6}>
        <Card isFullHeight>
          <CardTitle component="h2">{t("workspaces:detail.about")}</CardTitle>
          <CardBody>
            <Entries
              entries={[
                [t("clusters:column.version"), status?.kubernetesVersion],
                [t("clusters:detail.distribution"), spec.local?.kubernetes],
                [t("clusters:detail.provider"), t(`clusters:provider.${spec.provider ?? "local"}`)],
                [
                  t("clusters:column.cap"),
                  spec.local && t("clusters:cap", { cpu: cpus(spec.local.cpu, language), memory: bytes(spec.local.memory, language) }),
                ],
                [
                  t("app:pages.workspaces"),
                  <Link key="workspaces" to={`/workspaces?q=${name}`}>
                    {t("clusters:running", { running: status?.workspaces?.running ?? 0, total: status?.workspaces?.total ?? 0 })}
                  </Link>,
                ],
                [t("clusters:column.agent"), <AgentSeen key="agent" cluster={cluster} />],
                [
                  t("clusters:detail.agentVersion"),
                  status?.agent?.update && status.agent.update.version !== status.agent.version
                    ? t("clusters:agent.becomes", { from: status.agent.version, to: status.agent.update.version })
                    : status?.agent?.version,
                ],
                [t("clusters:updates.title"), <AgentUpdates key="updates" cluster={cluster} />],
                [
                  t("clusters:facts.certificate"),
                  facts?.certificateExpires && absoluteTime(Date.parse(facts.certificateExpires), language),
                ],
                [
                  t("clusters:facts.latency"),
                  typeof facts?.kubernetesLatencyMs === "number" && t("clusters:facts.milliseconds", { took: facts.kubernetesLatencyMs }),
                ],
                [
                  t("clusters:facts.policies"),
                  facts?.networkPolicy && `${t(`clusters:facts.policy.${facts.networkPolicy}`)}${facts.network ? ` (${facts.network})` : ""}`,
                ],
                [t("clusters:facts.tried"), facts?.networkTried && <Age key="tried" at={facts.networkTried} />],
                [
                  t("clusters:detail.intent"),
                  status?.intent &&
                    (behind
                      ? t("clusters:detail.behind", { applied: status.intent.applied, desired: status.intent.desired })
                      : t("clusters:detail.upToDate", { applied: status.intent.applied })),
                ],
                [t("clusters:labels.title"), <ClusterLabels key="labels" cluster={cluster} />],
                [t("clusters:detail.since"), status?.since && <Age key="since" at={status.since} />],
                [t("common:created"), <Age key="created" at={metadata.creationTimestamp} />],
              ]}
            />
          </CardBody>
        </Card>
      </GridItem>
      <GridItem lg={6}>
        <Card isFullHeight>
          <CardTitle component="h2">{t("clusters:detail.kubectl")}</CardTitle>
          <CardBody>
            <p className="ngy-gap-bottom">{t("clusters:detail.kubectlBody")}</p>
            <ClipboardCopy isReadOnly isCode hoverTip={t("common:copy")} clickTip={t("common:copied")} textAriaLabel={t("clusters:detail.kubectl")}>
              {`nagaya kubeconfig ${name} > ${name}.kubeconfig`}
            </ClipboardCopy>
            <div className="ngy-gap-top">
              <ClipboardCopy isReadOnly isCode hoverTip={t("common:copy")} clickTip={t("common:copied")} textAriaLabel={t("clusters:detail.kubectlUse")}>
                {`kubectl --kubeconfig ${name}.kubeconfig get pods -A`}
              </ClipboardCopy>
            </div>
          </CardBody>
        </Card>
      </GridItem>
      <Section
        title={t("clusters:detail.conditions")}
        rows={status?.conditions}
        rowKey={(condition) => condition.type}
        columns={[
          { key: "type", title: t("clusters:condition.type"), cell: (condition) => condition.type },
          { key: "status", title: t("workspaces:column.status"), cell: (condition) => <YesNo yes={condition.status} /> },
          {
            key: "why",
            title: t("workspaces:column.why"),
            width: 50,
            loose: true,
            cell: (condition) => reasonText(i18n, condition.reason, condition.message),
          },
          { key: "since", title: t("clusters:detail.since"), cell: (condition) => <Age at={condition.lastTransitionTime} /> },
        ]}
      />
      <Section
        title={t("clusters:detail.nodes")}
        rows={status?.nodes}
        rowKey={(node) => node.name}
        columns={[
          { key: "name", title: t("common:name"), cell: (node) => node.name },
          { key: "ready", title: t("clusters:node.ready"), cell: (node) => <YesNo yes={node.ready} /> },
          { key: "version", title: t("clusters:column.version"), cell: (node) => node.version },
          {
            key: "capacity",
            title: t("clusters:node.capacity"),
            cell: (node) => t("clusters:cap", { cpu: cpus(node.cpu, language), memory: bytes(node.memory, language) }),
          },
          { key: "pods", title: t("clusters:node.pods"), cell: (node) => node.pods },
          { key: "problems", title: t("clusters:node.problems"), cell: (node) => node.problems?.join(", ") || "–" },
        ]}
      />
      <Section
        title={t("clusters:detail.components")}
        rows={status?.components}
        rowKey={(component) => component.name}
        columns={[
          { key: "name", title: t("common:name"), cell: (component) => component.name },
          { key: "ready", title: t("clusters:component.ready"), cell: (component) => <YesNo yes={component.ready} /> },
          { key: "restarts", title: t("clusters:component.restarts"), cell: (component) => component.restarts },
          {
            key: "message",
            title: t("workspaces:events.message"),
            width: 50,
            loose: true,
            cell: (component) => <span lang="en">{component.message}</span>,
          },
        ]}
      />
    </Grid>
  );
}

type SectionProps<T> = Omit<ComponentProps<typeof FactTable<T>>, "label" | "rows"> & {
  readonly title: string;
  readonly rows: readonly T[] | undefined;
};

/** A card over the whole width, left out while the agent has told nothing for it. */
function Section<T>({ title, rows = [], ...table }: SectionProps<T>) {
  return (
    rows.length > 0 && (
      <GridItem span={12}>
        <Card>
          <CardTitle component="h2">{title}</CardTitle>
          <CardBody>
            <FactTable {...table} label={title} rows={rows} />
          </CardBody>
        </Card>
      </GridItem>
    )
  );
}

function YesNo({ yes }: { readonly yes: boolean }) {
  const { t } = useT();
  return yes ? (
    <Label status="success" variant="outline" isCompact icon={<CheckCircleIcon />}>
      {t("common:yes")}
    </Label>
  ) : (
    <Label status="warning" isCompact icon={<ExclamationTriangleIcon />}>
      {t("common:no")}
    </Label>
  );
}
