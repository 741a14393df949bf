import {
  Alert,
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Grid,
  GridItem,
} from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { Age } from "../../ui/Age";
import { EventTable } from "../../ui/EventTable";
import { bytes } from "../../ui/quantity";
import { phaseOf } from "./logic";
import { Timeline } from "./Timeline";
import { Why } from "./Why";

export function Overview({ workspace }: { readonly workspace: Workspace }) {
  const { t, language } = useT();
  const me = useMe();
  const { metadata, spec, status } = workspace;
  const phase = phaseOf(workspace);
  const warnings = (status?.events ?? []).filter((event) => event.type === "Warning");
  const underWay = phase !== "Stopped" && phase !== "Deleted" && phase !== "Stopping" && phase !== "Purging";
  return (
    <Grid hasGutter>
      <GridItem lg={6}>
        <Card isFullHeight>
          <CardTitle component="h2">{t("workspaces:detail.status")}</CardTitle>
          <CardBody>
            {phase === "Failed" ? (
              <Alert variant="danger" isInline title={<Why workspace={workspace} />} className="ngy-gap-bottom">
                {t("workspaces:detail.failedNext")}
              </Alert>
            ) : (
              !underWay && (
                <p>
                  <Why workspace={workspace} />
                </p>
              )
            )}
            {underWay && <Timeline workspace={workspace} brief={phase === "Failed"} />}
          </CardBody>
        </Card>
      </GridItem>
      <GridItem lg={6}>
        <Card isFullHeight>
          <CardTitle component="h2">{t("workspaces:detail.about")}</CardTitle>
          <CardBody>
            <DescriptionList isHorizontal isCompact>
              <Entry term={t("workspaces:detail.owner")}>{spec.owner}</Entry>
              <Entry term={t("workspaces:column.team")}>{me.role === "member" ? spec.team : <Link to={`/teams/${spec.team}`}>{spec.team}</Link>}</Entry>
              <Entry term={t("workspaces:column.template")}>
                {me.role === "member" ? spec.template : <Link to={`/templates/${spec.template}`}>{spec.template}</Link>}
              </Entry>
              <Entry term={t("workspaces:column.cluster")}>
                {spec.cluster ? <Link to={`/clusters/${spec.cluster}`}>{spec.cluster}</Link> : "–"}
              </Entry>
              <Entry term={t("workspaces:detail.namespace")}>{spec.namespace || "–"}</Entry>
              <Entry term={t("workspaces:detail.home")}>{spec.homeSize ? bytes(spec.homeSize, language) : "–"}</Entry>
              {status?.pod && (
                <>
                  <Entry term={t("workspaces:detail.pod")}>
                    {status.pod.name}
                    {(status.pod.restarts ?? 0) > 0 && ` (${t("workspaces:detail.restarts", { count: status.pod.restarts ?? 0 })})`}
                  </Entry>
                  <Entry term={t("workspaces:detail.node")}>{status.pod.node || "–"}</Entry>
                  {status.pod.startedAt && (
                    <Entry term={t("workspaces:detail.runningSince")}>
                      <Age at={status.pod.startedAt} />
                    </Entry>
                  )}
                </>
              )}
              <Entry term={t("common:created")}>
                <Age at={metadata.creationTimestamp} />
              </Entry>
            </DescriptionList>
          </CardBody>
        </Card>
      </GridItem>
      {warnings.length > 0 && phase !== "Running" && (
        <GridItem span={12}>
          <Card>
            <CardTitle component="h2">{t("workspaces:tab.events")}</CardTitle>
            <CardBody>
              <EventTable events={warnings} />
            </CardBody>
          </Card>
        </GridItem>
      )}
    </Grid>
  );
}

function Entry({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
