import { Button, Switch, Title } from "@patternfly/react-core";
import { lazy, Suspense, useState } from "react";
import { stringify } from "yaml";
import type { Bundle, VersionLine } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { Confirm } from "../../ui/Confirm";
import { EmptyPage } from "../../ui/EmptyPage";
import { SelectField } from "../../ui/Field";
import { HistoryIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { changes } from "./changes";
import { clustersOf, contentOf } from "./logic";
import { useRollBack, useVersion } from "./queries";

const DiffView = lazy(() => import("../../ui/DiffView"));

/** What the bundle was and is: who changed it, which clusters have what, the difference between any two, and the way back. */
export default function Versions({ bundle }: { readonly bundle: Bundle }) {
  const { t } = useT();
  const { name } = bundle.metadata;
  const lines = bundle.status?.versions ?? [];
  const newest = bundle.status?.version ?? 0;
  const kept = lines.map(({ version }) => version ?? 0);
  const [fromText, setFrom] = useUrlState("from");
  const [toText, setTo] = useUrlState("to");
  const [back, setBack] = useState<number>();
  const rollBack = useRollBack();
  const have = Map.groupBy(clustersOf(bundle), ({ version }) => version ?? 0);
  const to = kept.includes(Number(toText)) ? Number(toText) : (kept[0] ?? 0);
  // Unless asked otherwise, against the one before.
  const from = kept.includes(Number(fromText)) ? Number(fromText) : (kept.find((version) => version < to) ?? to);
  return (
    <>
      <ResourceTable<VersionLine>
        label={t("bundles:tab.versions")}
        rows={lines}
        rowKey={(row) => String(row.version)}
        columns={[
          {
            key: "number",
            title: t("bundles:column.version"),
            cell: (row) => (row.version === newest ? t("bundles:versions.newest", { version: row.version }) : row.version),
          },
          { key: "at", title: t("bundles:versions.at"), cell: (row) => <Age at={row.at} /> },
          { key: "by", title: t("bundles:versions.by"), cell: (row) => row.by || "–" },
          { key: "message", title: t("bundles:field.message"), width: 40, loose: true, cell: (row) => row.message || "–" },
          { key: "clusters", title: t("app:pages.clusters"), cell: (row) => have.get(row.version ?? 0)?.length ?? 0 },
        ]}
        primaryAction={(row) =>
          row.version !== newest && (
            <Button variant="link" onClick={() => setBack(row.version)}>
              {t("bundles:action.rollBack")}
            </Button>
          )
        }
        empty={
          <EmptyPage title={t("bundles:notYet")} icon={HistoryIcon}>
            {t("bundles:versions.empty")}
          </EmptyPage>
        }
      />
      {kept.length > 1 && (
        <section aria-labelledby="difference" className="ngy-gap-top">
          <Title headingLevel="h2" size="lg" id="difference">
            {t("bundles:versions.difference")}
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
                label={t(`bundles:versions.${id}`)}
                value={String(value)}
                onChange={choose}
                options={kept.map((version) => ({ value: String(version), text: String(version) }))}
              />
            ))}
          </div>
          <Difference bundle={bundle} from={from} to={to} />
        </section>
      )}
      {back !== undefined && (
        <Confirm
          title={t("bundles:versions.backTitle", { name, version: back })}
          action={t("bundles:action.rollBack")}
          busy={rollBack.isPending}
          error={rollBack.error}
          onClose={() => setBack(undefined)}
          onConfirm={() => rollBack.to(name, back, () => setBack(undefined))}
        >
          {t("bundles:versions.backBody", { version: back, next: newest + 1 })}
        </Confirm>
      )}
    </>
  );
}

function Difference({ bundle, from, to }: { readonly bundle: Bundle; readonly from: number; readonly to: number }) {
  const { t } = useT();
  const [whole, setWhole] = useState(false);
  const [before, after] = [useVersion(bundle, from), useVersion(bundle, to)];
  const failed = before.error ? before : after;
  if (failed.error) {
    return <ObjectError error={failed.error} title={t("bundles:versions.failed")} onRetry={() => void failed.refetch()} />;
  }
  if (!before.data || !after.data) {
    return <Waiting />;
  }
  const changed = changes(before.data.spec.objects, after.data.spec.objects);
  const [old, now] = [before.data, after.data].map((version) => stringify(contentOf(version), { lineWidth: 120 }));
  if (old === now) {
    return <p>{t("bundles:versions.same")}</p>;
  }
  return (
    <>
      <ul>
        {changed.map(({ object, what }) => (
          <li key={`${object}${what}`}>
            {t(`bundles:versions.${what}`)} <code>{object}</code>
          </li>
        ))}
        {changed.length === 0 && <li>{t("bundles:versions.onlyExtras")}</li>}
      </ul>
      <Switch
        id="difference-whole"
        className="ngy-gap-top ngy-gap-bottom"
        label={t("bundles:versions.whole")}
        isChecked={whole}
        onChange={(_, on) => setWhole(on)}
      />
      <Suspense fallback={t("common:loading")}>
        <DiffView
          label={t("bundles:versions.difference")}
          before={old ?? ""}
          after={now ?? ""}
          folded={whole ? undefined : t("bundles:versions.unchanged")}
        />
      </Suspense>
    </>
  );
}
