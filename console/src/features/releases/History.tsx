import { Button, Title } from "@patternfly/react-core";
import { lazy, Suspense, useState } from "react";
import { stringify } from "yaml";
import type { Release, ReleaseCluster, ReleaseVersion, ReleaseVersionLine } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { Confirm } from "../../ui/Confirm";
import { EmptyPage } from "../../ui/EmptyPage";
import { FactTable } from "../../ui/FactTable";
import { SelectField } from "../../ui/Field";
import { HistoryIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { OnCluster } from "./OnCluster";
import { useReleaseVersion, useRollBack } from "./queries";

const DiffView = lazy(() => import("../../ui/DiffView"));

/** What the release was and is: who changed it, what its values were, the way back, and what Helm has of it on a cluster. */
export default function History({ release }: { readonly release: Release }) {
  const { t } = useT();
  const { name } = release.metadata;
  const lines = release.status?.versions ?? [];
  const latest = release.status?.latest ?? 0;
  const kept = lines.map(({ version }) => version ?? 0);
  const [fromText, setFrom] = useUrlState("from");
  const [toText, setTo] = useUrlState("to");
  const [back, setBack] = useState<number>();
  const rollBack = useRollBack();
  const to = kept.includes(Number(toText)) ? Number(toText) : (kept[0] ?? 0);
  // Unless asked otherwise, against the one before.
  const from = kept.includes(Number(fromText)) ? Number(fromText) : (kept.find((version) => version < to) ?? to);
  return (
    <>
      <Title headingLevel="h2" size="lg">
        {t("releases:history.versions")}
      </Title>
      <p className="ngy-quiet">{t("releases:history.versionsHelp")}</p>
      <ResourceTable<ReleaseVersionLine>
        label={t("releases:history.versions")}
        rows={lines}
        rowKey={(row) => String(row.version)}
        columns={[
          {
            key: "number",
            title: t("releases:history.number"),
            cell: (row) => (row.version === latest ? t("releases:history.newest", { version: row.version }) : row.version),
          },
          { key: "chart", title: t("releases:history.chart"), cell: (row) => row.chartVersion || "–" },
          { key: "at", title: t("releases:history.at"), cell: (row) => <Age at={row.at} /> },
          { key: "by", title: t("releases:history.by"), cell: (row) => row.by || "–" },
          {
            key: "message",
            title: t("releases:history.message"),
            width: 35,
            loose: true,
            cell: (row) =>
              row.message ||
              (row.rollbackTo ? t("releases:history.rollbackTo", { version: row.rollbackTo }) : row.by ? "–" : t("releases:history.newChart")),
          },
        ]}
        primaryAction={(row) =>
          row.version !== latest && (
            <Button variant="link" aria-label={`${t("releases:action.rollBack")}: ${row.version}`} onClick={() => setBack(row.version)}>
              {t("releases:action.rollBack")}
            </Button>
          )
        }
        empty={
          <EmptyPage title={t("releases:notYet")} icon={HistoryIcon}>
            {t("releases:history.empty")}
          </EmptyPage>
        }
      />
      {kept.length > 1 && (
        <section aria-labelledby="difference" className="ngy-gap-top">
          <Title headingLevel="h2" size="lg" id="difference">
            {t("releases:history.difference")}
          </Title>
          <div className="ngy-actions ngy-gap-bottom">
            {(
              [
                ["from", from, setFrom],
                ["to", to, setTo],
              ] as const
            ).map(([id, value, choose]) => (
              <SelectField
                key={id}
                id={`version-${id}`}
                label={t(`releases:history.${id}`)}
                value={String(value)}
                onChange={choose}
                options={kept.map((version) => ({ value: String(version), text: String(version) }))}
              />
            ))}
          </div>
          <Difference release={release} from={from} to={to} />
        </section>
      )}
      <section className="ngy-gap-top">
        <OnCluster release={release} of={(cluster) => <Revisions cluster={cluster} />} />
      </section>
      {back !== undefined && (
        <Confirm
          title={t("releases:history.backTitle", { name, version: back })}
          action={t("releases:action.rollBack")}
          busy={rollBack.isPending}
          error={rollBack.error}
          onClose={() => {
            rollBack.reset();
            setBack(undefined);
          }}
          onConfirm={() => rollBack.mutate({ name, version: back }, { onSuccess: () => setBack(undefined) })}
        >
          {t("releases:history.backBody", { version: back, next: latest + 1 })}
        </Confirm>
      )}
    </>
  );
}

/** What a version sets, sealed values by name only. */
function valuesText({ spec: { values = {}, secrets = [] } }: ReleaseVersion, sealed: string): string {
  const text = Object.keys(values).length === 0 ? "" : stringify(values, { lineWidth: 0 });
  return secrets.length === 0 ? text : `${text}# ${sealed}: ${secrets.map(({ path }) => path).join(", ")}\n`;
}

function Difference({ release, from, to }: { readonly release: Release; readonly from: number; readonly to: number }) {
  const { t } = useT();
  const [before, after] = [useReleaseVersion(release, from), useReleaseVersion(release, to)];
  const failed = before.error ? before : after;
  if (failed.error) {
    return <ObjectError error={failed.error} title={t("releases:history.failed")} onRetry={() => void failed.refetch()} />;
  }
  if (!before.data || !after.data) {
    return <Waiting />;
  }
  const [old, now] = [before.data, after.data].map((version) => valuesText(version, t("releases:history.secrets")));
  const [was, is] = [before.data.spec.chart.version, after.data.spec.chart.version];
  return (
    <>
      {was !== is && <p>{t("releases:history.chartDiffers", { from: was, to: is })}</p>}
      {old === now ? (
        <p>{t("releases:history.same")}</p>
      ) : (
        <Suspense fallback={t("common:loading")}>
          <DiffView label={t("releases:history.difference")} before={old ?? ""} after={now ?? ""} folded={t("releases:form.unchanged")} />
        </Suspense>
      )}
    </>
  );
}

/** Helm's own revisions on a cluster, as `helm history` tells them. */
function Revisions({ cluster: { cluster = "", history = [] } }: { readonly cluster: ReleaseCluster }) {
  const { t } = useT();
  const title = t("releases:history.helm", { cluster });
  return (
    <>
      <Title headingLevel="h2" size="lg">
        {title}
      </Title>
      {history.length === 0 ? (
        <p className="ngy-quiet">{t("releases:history.helmEmpty")}</p>
      ) : (
        <FactTable<(typeof history)[number]>
          label={title}
          rows={history}
          rowKey={(row) => String(row.revision)}
          columns={[
            { key: "revision", title: t("releases:history.revision"), cell: (row) => row.revision },
            { key: "status", title: t("releases:history.status"), cell: (row) => <code>{row.status}</code> },
            { key: "chart", title: t("releases:overview.chart"), cell: (row) => row.chart },
            { key: "updated", title: t("releases:history.updated"), cell: (row) => <Age at={row.updated ?? undefined} /> },
            { key: "description", title: t("releases:history.description"), width: 40, loose: true, cell: (row) => <span lang="en">{row.description || "–"}</span> },
          ]}
        />
      )}
    </>
  );
}
