import { Card, CardBody, CardTitle, Gallery, PageSection, Title } from "@patternfly/react-core";
import { useMemo, type ReactNode } from "react";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import type { Bundle, Cluster, Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { bytes, cpus } from "../../ui/quantity";
import { ResourceTable } from "../../ui/ResourceTable";
import { needsSomebody } from "../bundles/logic";
import { isDeleted, phaseOf } from "../workspaces/logic";
import { byCluster, byGroup, summarise, type Summary } from "./fleet";
import { HealthBar } from "./HealthBar";

/** Versions named in a line; a fleet on its way from one to the next has two or three. */
const VERSIONS = 3;

interface Props {
  readonly clusters: readonly Cluster[] | undefined;
  readonly workspaces: readonly Workspace[] | undefined;
  readonly bundles: readonly Bundle[] | undefined;
}

/** The fleet in numbers that lead to the lists, and a line for each group: never one for each cluster, of which there may be a thousand. */
export function Fleet({ clusters, workspaces, bundles }: Props) {
  const { t, language } = useT();
  const groups = useList("groups");
  const teams = useList("teams");
  const users = useList("users");
  const said = useMemo(() => byCluster(bundles ?? []), [bundles]);
  const all = useMemo(() => clusters && summarise(clusters, said), [clusters, said]);
  const lines = useMemo(() => clusters && groups.data && byGroup(groups.data.items, clusters, said), [clusters, groups.data, said]);
  const live = workspaces?.filter((workspace) => !isDeleted(workspace));
  const well = bundles?.filter((bundle) => !needsSomebody(bundle));
  return (
    <PageSection hasBodyWrapper={false} aria-labelledby="fleet">
      <Title headingLevel="h2" id="fleet">
        {t("home:ops.fleet")}
      </Title>
      <Gallery hasGutter minWidths={{ default: "190px" }}>
        <Figure title={t("home:ops.clusters")} to="/clusters" value={all?.total}>
          {all && all.total > 0 && <HealthBar phases={all.phases} />}
        </Figure>
        <Figure title={t("home:ops.versions")} to="/clusters?sort=version" value={all?.kubernetes.length}>
          {all && <Versions of={all.kubernetes} />}
        </Figure>
        <Figure title={t("home:fleet.agents")} to="/clusters" value={all?.agents.length}>
          {all && <Versions of={all.agents} />}
        </Figure>
        <Figure title={t("home:fleet.pods")} to="/clusters" value={all?.pods}>
          {all && <Capacity of={all} />}
        </Figure>
        <Figure title={t("home:ops.workspaces")} to="/workspaces" value={live?.length}>
          {live && t("home:ops.workspacesRunning", { running: live.filter((workspace) => phaseOf(workspace) === "Running").length, total: live.length })}
        </Figure>
        <Figure title={t("app:pages.bundles")} to="/bundles" value={bundles?.length}>
          {bundles && well && (
            <>
              <span className="ngy-line">{t("home:fleet.bundlesWell", { well: well.length, total: bundles.length })}</span>
              <span className="ngy-line">{t("home:fleet.drift", { count: all?.drift ?? 0 })}</span>
            </>
          )}
        </Figure>
        <Figure title={t("home:ops.people")} to="/users" value={users.data?.items.length}>
          {t("home:ops.peopleTeams", { count: teams.data?.items.length ?? 0 })}
        </Figure>
      </Gallery>
      {lines && lines.length > 0 && (groups.data?.items.length ?? 0) > 0 && (
        <section aria-labelledby="by-group" className="ngy-gap-top">
          <Title headingLevel="h3" id="by-group">
            {t("app:pages.groups")}
          </Title>
          <ResourceTable
            label={t("app:pages.groups")}
            name="groups"
            rows={lines}
            rowKey={(row) => row.group}
            columns={[
              {
                key: "group",
                title: t("groups:one"),
                sort: (row) => row.group,
                cell: ({ group, total }) => {
                  const count = t("home:fleet.clusters", { count: total });
                  return (
                    <>
                      {group === "" ? <span className="ngy-quiet">{t("home:fleet.noGroup")}</span> : <Link to={`/groups/${group}`}>{group}</Link>}
                      <div className="ngy-small ngy-nowrap">{group === "" ? count : <Link to={`/clusters?group=${group}`}>{count}</Link>}</div>
                    </>
                  );
                },
              },
              {
                key: "health",
                title: t("home:fleet.health"),
                width: 25,
                // What is least well comes first.
                sort: (row) => (row.total === 0 ? 1 : (row.phases.find(([phase]) => phase === "Ready")?.[1] ?? 0) / row.total),
                cell: (row) => (row.total === 0 ? "–" : <HealthBar phases={row.phases} />),
              },
              { key: "kubernetes", title: t("clusters:column.version"), cell: (row) => <Versions of={row.kubernetes} /> },
              {
                key: "capacity",
                title: t("home:fleet.capacity"),
                cell: (row) => (
                  <>
                    <span className="ngy-nowrap">
                      <Capacity of={row} />
                    </span>
                    <div className="ngy-small ngy-quiet">{t("home:fleet.podsMost", { count: row.pods, number: new Intl.NumberFormat(language).format(row.pods) })}</div>
                  </>
                ),
              },
              { key: "running", title: t("home:fleet.running"), cell: (row) => row.workspaces },
              { key: "unready", title: t("home:fleet.unready"), sort: (row) => row.unready, cell: (row) => row.unready },
              { key: "drift", title: t("bundles:column.drift"), sort: (row) => row.drift, cell: (row) => row.drift },
            ]}
            empty={null}
          />
        </section>
      )}
    </PageSection>
  );
}

function Versions({ of }: { readonly of: Summary["kubernetes"] }) {
  const { t } = useT();
  if (of.length === 0) {
    return <>–</>;
  }
  return (
    <>
      {of.slice(0, VERSIONS).map(([version, count]) => (
        <span key={version} className="ngy-line ngy-nowrap">
          {version} × {count}
        </span>
      ))}
      {of.length > VERSIONS && <span className="ngy-line">{t("home:fleet.moreVersions", { count: of.length - VERSIONS })}</span>}
    </>
  );
}

function Capacity({ of: { cpu, memory } }: { readonly of: Summary }) {
  const { t, language } = useT();
  return <>{t("clusters:cap", { cpu: cpus(String(cpu), language), memory: bytes(String(memory), language) })}</>;
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
