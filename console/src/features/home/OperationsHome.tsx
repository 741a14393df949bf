import { Card, CardBody, CardTitle, Gallery, PageSection, Title } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useNow } from "../../ui/Age";
import { ObjectError } from "../../ui/ObjectError";
import { isDeleted, phaseOf } from "../workspaces/logic";
import { ProblemList } from "./ProblemList";
import { problems } from "./problems";

/** What is wrong now, by the people it keeps from work; then the fleet in numbers that lead to the lists. */
export function OperationsHome() {
  const { t } = useT();
  const now = useNow();
  const clusters = useList("clusters");
  const workspaces = useList("workspaces");
  const teams = useList("teams");
  const users = useList("users");
  const error = clusters.error ?? workspaces.error;
  const all = clusters.data?.items ?? [];
  const live = (workspaces.data?.items ?? []).filter((workspace) => !isDeleted(workspace));
  const versions = Map.groupBy(all, (cluster) => cluster.status?.kubernetesVersion || t("home:ops.unknownVersion"));
  return (
    <>
      <PageSection hasBodyWrapper={false} aria-labelledby="wrong">
        <Title headingLevel="h2" id="wrong">
          {t("home:ops.wrong")}
        </Title>
        {error && <ObjectError error={error} onRetry={() => void Promise.all([clusters.refetch(), workspaces.refetch()])} />}
        {clusters.data && workspaces.data && (
          <ProblemList label={t("home:ops.wrong")} quiet={t("home:ops.quiet")} problems={problems(all, workspaces.data.items, now)} />
        )}
      </PageSection>
      <PageSection hasBodyWrapper={false} aria-labelledby="fleet">
        <Title headingLevel="h2" id="fleet">
          {t("home:ops.fleet")}
        </Title>
        <Gallery hasGutter minWidths={{ default: "190px" }}>
          <Figure title={t("home:ops.clusters")} to="/clusters" value={clusters.data && all.length}>
            {t("home:ops.clustersReady", { ready: all.filter((cluster) => cluster.status?.phase === "Ready").length, total: all.length })}
          </Figure>
          <Figure title={t("home:ops.workspaces")} to="/workspaces" value={workspaces.data && live.length}>
            {t("home:ops.workspacesRunning", { running: live.filter((workspace) => phaseOf(workspace) === "Running").length, total: live.length })}
          </Figure>
          <Figure title={t("home:ops.people")} to="/users" value={users.data?.items.length}>
            {t("home:ops.peopleTeams", { count: teams.data?.items.length ?? 0 })}
          </Figure>
          <Figure title={t("home:ops.versions")} to="/clusters" value={clusters.data && versions.size}>
            {[...versions].map(([version, of]) => (
              <span key={version} className="ngy-line">
                {version} × {of.length}
              </span>
            ))}
          </Figure>
        </Gallery>
      </PageSection>
    </>
  );
}

function Figure({ title, to, value, children }: { readonly title: string; readonly to: string; readonly value: number | undefined; readonly children: ReactNode }) {
  const { language } = useT();
  return (
    <Card isCompact isFullHeight>
      <CardTitle component="h3">
        <Link to={to}>{title}</Link>
      </CardTitle>
      <CardBody>
        <div className="ngy-figure">{value === undefined ? "–" : new Intl.NumberFormat(language).format(value)}</div>
        {value !== undefined && <div className="ngy-quiet">{children}</div>}
      </CardBody>
    </Card>
  );
}
