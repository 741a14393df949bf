import { Button, Card, CardBody, CardFooter, CardHeader, CardTitle, Gallery, Label, PageSection, Skeleton } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";
import type { ChartLine } from "../../api/charts";
import { useList } from "../../api/resources";
import type { Template } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { EmptyPage } from "../../ui/EmptyPage";
import { CatalogIcon, CheckCircleIcon, CubesIcon, ExclamationTriangleIcon, SearchIcon } from "../../ui/icons";
import { ListToolbar } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { RouterLink } from "../../ui/RouterLink";
import { useUrlState } from "../../ui/useUrlState";
import { chartKey } from "../templates/origin";
import { ChartIcon } from "./ChartIcon";
import { entries } from "./logic";
import { chartAddress, useCharts } from "./queries";

/** Cards drawn at once: a large repository has hundreds of charts. */
const PAGE = 60;

export default function CataloguePage() {
  const { t } = useT();
  const me = useMe();
  const charts = useCharts();
  const templates = useList("templates");
  const [search] = useUrlState("q");
  const [repository] = useUrlState("repository");
  const [kind] = useUrlState("kind");
  const [installed] = useUrlState("installed");
  const [limit, setLimit] = useState(PAGE);
  const repositories = [...new Set(charts.data?.map((chart) => chart.repository))].toSorted();
  const usable = templates.data?.items.filter(({ metadata }) => me.admin || !metadata.team || me.teams.some(({ name }) => name === metadata.team));
  const rows = charts.data && entries(charts.data, usable ?? [], { search, repository, kind, installed });
  const hasIcon = ({ spec: { chart: of } }: Template) =>
    charts.data?.some((chart) => chart.icon === true && chart.repository === of?.repository && chart.name === of.chart) ?? false;
  const filtered = [search, repository, kind, installed].some((value) => value !== "");
  const add = me.admin && (
    <Button component={RouterLink} href="/repositories?create=yes" variant={rows?.length ? "secondary" : "primary"}>
      {t("repositories:create.action")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("app:pages.catalogue")} description={t("catalogue:list.description")} actions={add} />
      <PageSection hasBodyWrapper={false} isFilled>
        {charts.error && <ObjectError error={charts.error} title={t("catalogue:list.failed")} onRetry={() => void charts.refetch()} />}
        <ListToolbar
          searchLabel={t("catalogue:list.search")}
          filters={[
            { name: "repository", label: t("catalogue:filter.repository"), options: repositories.map((value) => ({ value, text: value })) },
            {
              name: "kind",
              label: t("catalogue:filter.kind"),
              options: (["charts", "environments"] as const).map((value) => ({ value, text: t(`catalogue:filter.${value}`) })),
            },
            {
              name: "installed",
              label: t("catalogue:filter.installed"),
              options: (["yes", "no"] as const).map((value) => ({ value, text: t(`catalogue:filter.${value}`) })),
            },
          ]}
        />
        {!rows && !charts.error && <Skeleton height="12rem" screenreaderText={t("common:loading")} />}
        {rows && rows.length > 0 && (
          <>
            <p className="ngy-quiet ngy-small ngy-gap-bottom">{t("catalogue:list.count", { count: rows.length })}</p>
            <Gallery component="ul" hasGutter minWidths={{ default: "min(100%, 18rem)" }} aria-label={t("app:pages.catalogue")}>
              {rows.slice(0, limit).map((entry) => (
                <li key={entry.kind === "chart" ? `${entry.chart.repository}/${entry.name}` : entry.template.metadata.name}>
                  {entry.kind === "chart" ? <ChartCard chart={entry.chart} /> : <TemplateCard template={entry.template} icon={hasIcon(entry.template)} />}
                </li>
              ))}
            </Gallery>
            {rows.length > limit && (
              <div className="ngy-actions ngy-gap-top">
                <Button variant="secondary" onClick={() => setLimit(limit + PAGE)}>
                  {t("catalogue:list.more")}
                </Button>
              </div>
            )}
          </>
        )}
        {rows?.length === 0 &&
          (filtered ? (
            <EmptyPage title={t("common:noMatch.title")} icon={SearchIcon}>
              {t("common:noMatch.body")}
            </EmptyPage>
          ) : (
            <EmptyPage title={t("catalogue:list.empty.title")} icon={CatalogIcon} action={add}>
              {me.admin ? t("catalogue:list.empty.body") : t("catalogue:list.empty.member")}
            </EmptyPage>
          ))}
      </PageSection>
    </>
  );
}

function ChartCard({ chart }: { readonly chart: ChartLine }) {
  const { t } = useT();
  const { repository, name, version, appVersion, description, deprecated, installed = 0 } = chart;
  return (
    <Card isFullHeight isCompact className="ngy-catalogue-card">
      <CardHeader className="ngy-catalogue-head">
        <ChartIcon repository={repository} chart={name} has={chart.icon} />
        <div>
          <CardTitle component="h2">
            <Link to={chartAddress(repository, name)}>{name}</Link>
          </CardTitle>
          <span className="ngy-quiet ngy-small">
            {repository} · {version}
          </span>
        </div>
      </CardHeader>
      <CardBody isFilled>
        <p className="ngy-clamp" lang="en">
          {description}
        </p>
      </CardBody>
      <CardFooter className="ngy-actions">
        <Button component={RouterLink} href={chartAddress(repository, name, "install")} variant="secondary" size="sm" aria-label={`${t("catalogue:chart.install")}: ${name}`}>
          {t("catalogue:chart.install")}
        </Button>
        {installed > 0 && (
          <Label status="success" icon={<CheckCircleIcon />} isCompact>
            {t("catalogue:card.installed", { count: installed })}
          </Label>
        )}
        {deprecated && (
          <Label status="warning" icon={<ExclamationTriangleIcon />} isCompact>
            {t("catalogue:card.deprecated")}
          </Label>
        )}
        {appVersion && <span className="ngy-quiet ngy-small">{t("catalogue:card.appVersion", { version: appVersion })}</span>}
      </CardFooter>
    </Card>
  );
}

function TemplateCard({ template: { metadata, spec, status }, icon }: { readonly template: Template; readonly icon: boolean }) {
  const { t } = useT();
  const { chart } = spec;
  const unfit = status?.conditions?.some((one) => one.type === "Resolved" && !one.status);
  const title = spec.displayName || metadata.name;
  return (
    <Card isFullHeight isCompact className="ngy-catalogue-card">
      <CardHeader className="ngy-catalogue-head">
        {chart ? (
          <ChartIcon repository={chart.repository} chart={chart.chart} has={icon} />
        ) : (
          <span className="ngy-chart-icon" aria-hidden="true">
            <CubesIcon />
          </span>
        )}
        <div>
          <CardTitle component="h2">
            <Link to={`/templates/${metadata.name}`}>{title}</Link>
          </CardTitle>
          <span className="ngy-quiet ngy-small">
            {[t("catalogue:card.environment"), chart && chartKey(chart), status?.chart?.version].filter(Boolean).join(" · ")}
          </span>
        </div>
      </CardHeader>
      <CardBody isFilled>
        <p className="ngy-clamp">{spec.description}</p>
      </CardBody>
      <CardFooter className="ngy-actions">
        <Button
          component={RouterLink}
          href={`/workspaces/new?template=${metadata.name}`}
          variant="secondary"
          size="sm"
          aria-label={`${t("catalogue:card.workspace")}: ${title}`}
        >
          {t("catalogue:card.workspace")}
        </Button>
        {unfit && (
          <Label status="warning" icon={<ExclamationTriangleIcon />} isCompact>
            {t("catalogue:card.unfit")}
          </Label>
        )}
      </CardFooter>
    </Card>
  );
}
