import { Alert, Button, PageSection, Title } from "@patternfly/react-core";
import { lazy, Suspense, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import type { ChartDetail, ChartVersionLine } from "../../api/charts";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { Entries } from "../../ui/Entries";
import { SelectField } from "../../ui/Field";
import { CatalogIcon, HistoryIcon, ListAltIcon, QuestionIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { ResourceTable } from "../../ui/ResourceTable";
import { RouterLink } from "../../ui/RouterLink";
import { TabLinks } from "../../ui/TabLinks";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { chartKey } from "../templates/origin";
import { ChartIcon } from "./ChartIcon";
import { webAddress } from "./logic";
import { chartAddress, useChart, useChartVersions } from "./queries";

const Changes = lazy(() => import("./Changes"));
const Readme = lazy(() => import("./Readme"));
const CodeEditor = lazy(() => import("../../ui/CodeEditor"));

const TABS = ["readme", "versions", "changes", "values"] as const;

/** A chart: what its authors say of it, its versions and what is new in them, its default values. */
export default function ChartPage() {
  const { t } = useT();
  const me = useMe();
  const { repository = "", chart = "", tab } = useParams();
  const versions = useChartVersions(repository, chart);
  const [wanted, setWanted] = useUrlState("version");
  const newest = versions.data?.[0]?.version;
  const version = versions.data?.some((line) => line.version === wanted) ? wanted : newest;
  const detail = useChart(repository, chart, version);
  const parent = { to: "/catalogue", title: t("app:pages.catalogue") };
  const error = versions.error ?? detail.error;
  if (error) {
    return (
      <>
        <PageHeader title={chart} parent={parent} />
        <PageSection hasBodyWrapper={false}>
          {error.code === 404 ? (
            <EmptyPage
              title={t("catalogue:chart.notFound", { name: `${repository}/${chart}` })}
              icon={QuestionIcon}
              action={
                <Button component={RouterLink} href={parent.to}>
                  {parent.title}
                </Button>
              }
            />
          ) : (
            <ObjectError
              error={error}
              title={t("catalogue:chart.failed")}
              onRetry={() => {
                void versions.refetch();
                void detail.refetch();
              }}
            />
          )}
        </PageSection>
      </>
    );
  }
  if (!versions.data || !detail.data || version === undefined) {
    return <Waiting />;
  }
  const active = TABS.find((one) => one === tab) ?? "readme";
  const shown = detail.data;
  const at = version === newest ? "" : `?version=${encodeURIComponent(version)}`;
  const content: Record<(typeof TABS)[number], () => ReactNode> = {
    readme: () =>
      shown.readme ? (
        <Readme text={shown.readme} />
      ) : (
        <EmptyPage title={t("catalogue:readme.none.title")} icon={CatalogIcon}>
          {t("catalogue:readme.none.body")}
        </EmptyPage>
      ),
    versions: () => <Versions versions={versions.data} shown={version} onShow={setWanted} />,
    changes: () => <Changes repository={repository} detail={shown} versions={versions.data} />,
    values: () => <DefaultValues detail={shown} />,
  };
  return (
    <>
      <PageHeader
        title={chart}
        parent={parent}
        description={<span lang="en">{shown.description}</span>}
        badge={<ChartIcon repository={repository} chart={chart} has={shown.icon} />}
        actions={
          // A library is for other charts.
          shown.type !== "library" && (
            <>
              <Button component={RouterLink} href={`${chartAddress(repository, chart, "install")}${at}`}>
                {t("catalogue:chart.install")}
              </Button>
              {(me.admin || me.teams.some((team) => team.role === "team-admin")) && (
                <Button variant="secondary" component={RouterLink} href={`/templates/new?chart=${encodeURIComponent(chartKey({ repository, chart }))}`}>
                  {t("catalogue:chart.environment")}
                </Button>
              )}
            </>
          )
        }
      >
        <div className="ngy-actions ngy-gap-top">
          <SelectField
            id="chart-version"
            label={t("catalogue:versions.version")}
            value={version}
            onChange={(next) => setWanted(next === newest ? "" : next)}
            options={versions.data.map((line) => ({ value: line.version, text: line.version }))}
          />
        </div>
      </PageHeader>
      <TabLinks
        label={chart}
        active={active}
        tabs={TABS.map((key) => ({ key, title: t(`catalogue:tab.${key}`), to: `${chartAddress(repository, chart, key === "readme" ? undefined : key)}${at}` }))}
      />
      <PageSection hasBodyWrapper={false} isFilled>
        {shown.deprecated && (
          <Alert variant="warning" isInline title={t("catalogue:chart.deprecated.title")} className="ngy-gap-bottom">
            {t("catalogue:chart.deprecated.body")}
          </Alert>
        )}
        <div className={active === "readme" ? "ngy-chart" : undefined}>
          <div className="ngy-chart-main">
            <Suspense fallback={t("common:loading")}>{content[active]()}</Suspense>
          </div>
          {active === "readme" && <Facts repository={repository} detail={shown} />}
        </div>
      </PageSection>
    </>
  );
}

function Facts({ repository, detail }: { readonly repository: string; readonly detail: ChartDetail }) {
  const { t } = useT();
  const releases = useList("releases");
  const ours = releases.data?.items.filter(({ spec }) => spec.repository === repository && spec.chart === detail.name) ?? [];
  const outside = (address: string) => (
    <a key={address} className="ngy-line" href={address} target="_blank" rel="noopener noreferrer">
      {address.replace(/^https?:\/\//, "")}
    </a>
  );
  const links = (addresses: readonly (string | undefined)[]) => {
    const good = addresses.map(webAddress).filter((address) => address !== undefined);
    return good.length > 0 && <>{good.map(outside)}</>;
  };
  return (
    <aside className="ngy-chart-facts" aria-label={t("catalogue:chart.facts")}>
      <Title headingLevel="h2" size="md" className="ngy-gap-bottom">
        {t("catalogue:chart.facts")}
      </Title>
      <Entries
        entries={
          [
            [t("repositories:one"), repository],
            [t("catalogue:chart.appVersion"), detail.appVersion],
            [t("catalogue:chart.kubeVersion"), detail.kubeVersion && <code key="kube">{detail.kubeVersion}</code>],
            [t("catalogue:chart.home"), links([detail.home]) || undefined],
            [t("catalogue:chart.sources"), links(detail.sources ?? []) || undefined],
            [t("catalogue:chart.keywords"), detail.keywords?.join(", ")],
            [
              t("catalogue:chart.dependencies"),
              detail.dependencies && detail.dependencies.length > 0
                ? detail.dependencies.map(({ name, version }) => (
                    <span key={name} className="ngy-line">
                      {name} {version}
                    </span>
                  ))
                : undefined,
            ],
            [t("catalogue:chart.crds"), detail.crds && detail.crds.length > 0 ? detail.crds.join(", ") : undefined],
            [
              t("catalogue:chart.releases"),
              ours.length > 0
                ? ours.map(({ metadata }) => (
                    <Link key={metadata.name} className="ngy-line" to={`/releases/${metadata.name}`}>
                      {metadata.name}
                    </Link>
                  ))
                : undefined,
            ],
          ] as const
        }
      />
    </aside>
  );
}

function Versions({ versions, shown, onShow }: { readonly versions: readonly ChartVersionLine[]; readonly shown: string; readonly onShow: (version: string) => void }) {
  const { t } = useT();
  return (
    <ResourceTable<ChartVersionLine>
      label={t("catalogue:tab.versions")}
      rows={versions}
      rowKey={(row) => row.version}
      columns={[
        { key: "version", title: t("catalogue:versions.version"), cell: (row) => row.version },
        { key: "app", title: t("catalogue:versions.appVersion"), cell: (row) => row.appVersion || "–" },
        { key: "created", title: t("catalogue:versions.created"), cell: (row) => <Age at={row.created} /> },
        { key: "description", title: t("common:description"), width: 40, loose: true, cell: (row) => <span lang="en">{row.description || "–"}</span> },
      ]}
      primaryAction={(row) =>
        row.version === shown ? (
          <span className="ngy-quiet">{t("catalogue:versions.shown")}</span>
        ) : (
          <Button variant="link" aria-label={`${t("catalogue:versions.show")}: ${row.version}`} onClick={() => onShow(row.version)}>
            {t("catalogue:versions.show")}
          </Button>
        )
      }
      empty={<EmptyPage title={t("common:noMatch.title")} icon={HistoryIcon} />}
    />
  );
}

function DefaultValues({ detail }: { readonly detail: ChartDetail }) {
  const { t } = useT();
  const schema = detail.schema ? JSON.stringify(detail.schema, null, 2) : "";
  return detail.values.trim() === "" ? (
    <EmptyPage title={t("releases:form.noFields")} icon={ListAltIcon} />
  ) : (
    <>
      <CodeEditor label={t("catalogue:values.title")} text={detail.values} />
      {schema !== "" && (
        <section className="ngy-gap-top">
          <Title headingLevel="h2" size="md" className="ngy-gap-bottom">
            {t("catalogue:values.schema")}
          </Title>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard */}
          <pre className="ngy-pre" tabIndex={0} lang="en">
            {schema}
          </pre>
        </section>
      )}
    </>
  );
}

