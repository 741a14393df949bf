import { Alert, Card, CardBody, CardTitle, ClipboardCopy, Grid, GridItem, Label, List, ListItem } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "react-router";
import type { Cluster } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { Entries } from "../../ui/Entries";
import { CheckCircleIcon, ExclamationTriangleIcon } from "../../ui/icons";
import { bytes, cpus } from "../../ui/quantity";
import { ClusterWhy } from "../home/ProblemList";
import { AgentSeen } from "./AgentSeen";

export function Overview({ cluster }: { readonly cluster: Cluster }) {
  const { t, language, i18n } = useT();
  const { metadata, spec, status } = cluster;
  const { name } = metadata;
  const phase = status?.phase ?? "Pending";
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
                [t("clusters:detail.agentVersion"), status?.agent?.version],
                [
                  t("clusters:detail.intent"),
                  status?.intent &&
                    (behind
                      ? t("clusters:detail.behind", { applied: status.intent.applied, desired: status.intent.desired })
                      : t("clusters:detail.upToDate", { applied: status.intent.applied })),
                ],
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
      {(status?.conditions?.length ?? 0) > 0 && (
        <GridItem span={12}>
          <Card>
            <CardTitle component="h2">{t("clusters:detail.conditions")}</CardTitle>
            <CardBody>
              <Table aria-label={t("clusters:detail.conditions")} variant="compact" gridBreakPoint="grid-md">
                <Thead>
                  <Tr>
                    <Th>{t("clusters:condition.type")}</Th>
                    <Th>{t("workspaces:column.status")}</Th>
                    <Th width={50}>{t("workspaces:column.why")}</Th>
                    <Th>{t("clusters:detail.since")}</Th>
                  </Tr>
                </Thead>
                <Tbody>
                  {status?.conditions?.map((condition) => (
                    <Tr key={condition.type}>
                      <Td dataLabel={t("clusters:condition.type")}>{condition.type}</Td>
                      <Td dataLabel={t("workspaces:column.status")}>
                        <YesNo yes={condition.status} />
                      </Td>
                      <Td dataLabel={t("workspaces:column.why")} modifier="breakWord">
                        {reasonText(i18n, condition.reason, condition.message)}
                      </Td>
                      <Td dataLabel={t("clusters:detail.since")}>
                        <Age at={condition.lastTransitionTime} />
                      </Td>
                    </Tr>
                  ))}
                </Tbody>
              </Table>
            </CardBody>
          </Card>
        </GridItem>
      )}
      {(status?.nodes?.length ?? 0) > 0 && (
        <GridItem span={12}>
          <Card>
            <CardTitle component="h2">{t("clusters:detail.nodes")}</CardTitle>
            <CardBody>
              <Table aria-label={t("clusters:detail.nodes")} variant="compact" gridBreakPoint="grid-md">
                <Thead>
                  <Tr>
                    <Th>{t("common:name")}</Th>
                    <Th>{t("clusters:node.ready")}</Th>
                    <Th>{t("clusters:column.version")}</Th>
                    <Th>{t("clusters:node.capacity")}</Th>
                    <Th>{t("clusters:node.pods")}</Th>
                    <Th>{t("clusters:node.problems")}</Th>
                  </Tr>
                </Thead>
                <Tbody>
                  {status?.nodes?.map((node) => (
                    <Tr key={node.name}>
                      <Td dataLabel={t("common:name")}>{node.name}</Td>
                      <Td dataLabel={t("clusters:node.ready")}>
                        <YesNo yes={node.ready} />
                      </Td>
                      <Td dataLabel={t("clusters:column.version")}>{node.version}</Td>
                      <Td dataLabel={t("clusters:node.capacity")}>{t("clusters:cap", { cpu: cpus(node.cpu, language), memory: bytes(node.memory, language) })}</Td>
                      <Td dataLabel={t("clusters:node.pods")}>{node.pods}</Td>
                      <Td dataLabel={t("clusters:node.problems")}>{node.problems?.join(", ") || "–"}</Td>
                    </Tr>
                  ))}
                </Tbody>
              </Table>
            </CardBody>
          </Card>
        </GridItem>
      )}
      {(status?.components?.length ?? 0) > 0 && (
        <GridItem span={12}>
          <Card>
            <CardTitle component="h2">{t("clusters:detail.components")}</CardTitle>
            <CardBody>
              <Table aria-label={t("clusters:detail.components")} variant="compact" gridBreakPoint="grid-md">
                <Thead>
                  <Tr>
                    <Th>{t("common:name")}</Th>
                    <Th>{t("clusters:component.ready")}</Th>
                    <Th>{t("clusters:component.restarts")}</Th>
                    <Th width={50}>{t("workspaces:events.message")}</Th>
                  </Tr>
                </Thead>
                <Tbody>
                  {status?.components?.map((component) => (
                    <Tr key={component.name}>
                      <Td dataLabel={t("common:name")}>{component.name}</Td>
                      <Td dataLabel={t("clusters:component.ready")}>
                        <YesNo yes={component.ready} />
                      </Td>
                      <Td dataLabel={t("clusters:component.restarts")}>{component.restarts}</Td>
                      <Td dataLabel={t("workspaces:events.message")} modifier="breakWord">
                        <span lang="en">{component.message}</span>
                      </Td>
                    </Tr>
                  ))}
                </Tbody>
              </Table>
            </CardBody>
          </Card>
        </GridItem>
      )}
    </Grid>
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
