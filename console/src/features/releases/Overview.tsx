import { Alert, Button, Progress, Title } from "@patternfly/react-core";
import { Link } from "react-router";
import type { Release, ReleaseCluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { Entries } from "../../ui/Entries";
import { ServerIcon } from "../../ui/icons";
import { ResourceTable } from "../../ui/ResourceTable";
import { RouterLink } from "../../ui/RouterLink";
import { chartAddress, useCharts } from "../catalogue/queries";
import { byNeed, clustersOf, isUnderWay, newer, stateOf, STATES } from "./logic";
import { ReleaseStateLabel } from "./ReleaseStateLabel";
import { Target } from "./Target";

/** Objects named while they are waited for. */
const NAMED = 8;

/** What is installed where, what is being done right now, and how far it is. */
export function Overview({ release }: { readonly release: Release }) {
  const { t } = useT();
  const charts = useCharts();
  const { metadata, spec, status } = release;
  const newest = charts.data?.find(({ repository, name }) => repository === spec.repository && name === spec.chart)?.version;
  const next = newer(release, newest);
  const options = [
    spec.atomic !== false && t("releases:overview.atomic"),
    spec.wait !== false && t("releases:overview.wait"),
    spec.hooks !== false && t("releases:overview.hooks"),
    spec.crds !== false && t("releases:overview.crds"),
    t("releases:overview.timeout", { seconds: spec.timeoutSeconds ?? 300 }),
  ].filter(Boolean);
  const busy = byNeed(release).filter((cluster) => isUnderWay(stateOf(cluster)) || ["Failed", "Conflict", "NotReady"].includes(stateOf(cluster)));
  return (
    <>
      {busy.slice(0, NAMED).map((cluster) => (
        <Progressing key={cluster.cluster} cluster={cluster} />
      ))}
      <div className="ngy-gap-bottom">
        <Entries
          entries={[
            [t("releases:overview.chart"), <Link key="chart" to={chartAddress(spec.repository, spec.chart)}>{`${spec.repository}/${spec.chart}`}</Link>],
            [
              t("releases:overview.resolved"),
              <span key="version" className="ngy-actions">
                {status?.version || "–"}
                {next && (
                  <Button component={RouterLink} href={`/releases/${metadata.name}/upgrade?version=${encodeURIComponent(next)}`} variant="link" isInline>
                    {t("releases:version.toNewer", { version: next })}
                  </Button>
                )}
              </span>,
            ],
            [t("releases:overview.asked"), spec.version || t("releases:overview.anyVersion")],
            [t("releases:overview.target"), <Target key="target" release={release} />],
            [t("releases:overview.releaseName"), spec.releaseName],
            [t("releases:overview.team"), spec.team ?? t("releases:overview.operations")],
            [t("releases:overview.options"), options.join(", ")],
          ]}
        />
      </div>
      <Title headingLevel="h2" size="lg">
        {t("releases:overview.clusters")}
      </Title>
      <ResourceTable<ReleaseCluster>
        label={t("releases:overview.clusters")}
        rows={clustersOf(release)}
        rowKey={(row) => row.cluster ?? ""}
        columns={[
          {
            key: "name",
            title: t("releases:overview.cluster"),
            sort: (row) => row.cluster ?? "",
            cell: (row) => <Link to={`/clusters/${row.cluster}`}>{row.cluster}</Link>,
          },
          {
            key: "state",
            title: t("workspaces:column.status"),
            sort: (row) => STATES.indexOf(stateOf(row)),
            width: 35,
            loose: true,
            cell: (row) => (
              <>
                <ReleaseStateLabel state={stateOf(row)} /> {row.since && <Age at={row.since} />}
                {(row.message || row.step) && (
                  <div className="ngy-small" lang="en">
                    {row.message || row.step}
                  </div>
                )}
              </>
            ),
          },
          { key: "chart", title: t("releases:column.version"), cell: (row) => row.chartVersion || "–" },
          { key: "revision", title: t("releases:column.revision"), cell: (row) => row.revision || "–" },
          {
            key: "objects",
            title: t("releases:overview.objects"),
            cell: (row) => (
              <Link to={`/releases/${metadata.name}/objects?on=${row.cluster}`}>{t("releases:overview.ready", { ready: row.ready ?? 0, total: row.total ?? 0 })}</Link>
            ),
          },
        ]}
        empty={<EmptyPage title={status ? t("releases:noTarget") : t("releases:notYet")} icon={ServerIcon} />}
      />
    </>
  );
}

/** What is being done on a cluster, how many objects are ready, and which are waited for; or what went wrong. */
function Progressing({ cluster: { cluster = "", message, step, ready = 0, total = 0, objects = [], ...rest } }: { readonly cluster: ReleaseCluster }) {
  const { t } = useT();
  const state = stateOf(rest);
  const waiting = objects.filter((object) => !object.ready);
  const failed = state === "Failed" || state === "Conflict";
  return (
    <Alert
      variant={failed ? "danger" : state === "NotReady" ? "warning" : "info"}
      isInline
      className="ngy-gap-bottom"
      title={t("releases:progress.title", { state: t(`releases:state.${state}`), cluster })}
    >
      {message && <p lang="en">{message}</p>}
      {step && <p lang="en">{step}</p>}
      {total > 0 && (
        <Progress
          value={ready}
          max={total}
          size="sm"
          variant={failed ? "danger" : undefined}
          title={t("releases:progress.objects", { ready, total })}
          aria-label={t("releases:progress.objects", { ready, total })}
          measureLocation="none"
        />
      )}
      {waiting.length > 0 && (
        <ul>
          {waiting.slice(0, NAMED).map(({ object, message: why }) => (
            <li key={object}>
              <code>{object}</code> {why && <span lang="en">{why}</span>}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
