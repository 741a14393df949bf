import { Title } from "@patternfly/react-core";
import { lazy, Suspense } from "react";
import { useT } from "../../../app/i18n";
import { Entries } from "../../../ui/Entries";
import { TextField } from "../../../ui/Field";
import type { PreviewState } from "../queries";
import type { Draft } from "./draft";
import { PreviewStatus } from "./PreviewStatus";

const PreviewPanel = lazy(() => import("./PreviewPanel"));
const CodeEditor = lazy(() => import("../../../ui/CodeEditor"));

interface Props {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly repository: string;
  readonly chart: string;
  readonly preview: PreviewState;
}

/** All that was chosen, and what it changes on the cluster, before anything is done. */
export default function ReviewStep({ draft, onChange, repository, chart, preview }: Props) {
  const { t } = useT();
  const { name, where, cluster, group, team, namespace, version, text, secrets } = draft;
  const resolved = preview.preview?.version;
  return (
    <>
      <PreviewStatus state={preview} />
      <section aria-labelledby="review-target">
        <Title headingLevel="h2" size="lg" id="review-target" className="ngy-gap-bottom">
          {t("releases:review.target")}
        </Title>
        <Entries
          entries={[
            [t("common:name"), name],
            [t("releases:column.chart"), `${repository}/${chart}`],
            [t("releases:column.version"), [version || t("releases:field.version.latest"), resolved && resolved !== version && `→ ${resolved}`].filter(Boolean).join(" ")],
            [t("releases:column.target"), t(where === "group" ? "releases:target.group" : "releases:target.cluster", { name: where === "group" ? group : cluster })],
            [t("releases:field.namespace.label"), namespace],
            [t("releases:field.team.label"), team || t("releases:field.team.operations")],
            [t("releases:review.secrets"), secrets.length > 0 && secrets.map(({ path }) => <code key={path} className="ngy-line">{path}</code>)],
          ].filter((entry): entry is [string, string] => entry[1] !== false)}
        />
      </section>
      <section aria-labelledby="review-values" className="ngy-gap-top">
        <Title headingLevel="h2" size="lg" id="review-values" className="ngy-gap-bottom">
          {t("releases:review.values")}
        </Title>
        {text.trim() === "" ? (
          <p>{t("releases:review.noValues")}</p>
        ) : (
          <Suspense fallback={t("common:loading")}>
            <CodeEditor label={t("releases:review.values")} text={text} />
          </Suspense>
        )}
      </section>
      <Suspense fallback={null}>
        <PreviewPanel state={preview} />
      </Suspense>
      <div className="pf-v6-c-form ngy-form ngy-gap-top">
        <TextField
          id="release-message"
          label={t("releases:field.message.label")}
          help={t("releases:field.message.help")}
          maxLength={200}
          value={draft.message}
          onChange={(message) => onChange({ message })}
        />
      </div>
    </>
  );
}
