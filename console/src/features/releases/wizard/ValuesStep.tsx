import { Alert, AlertActionLink, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import type { ChartDetail, Values } from "../../../api/charts";
import { useT } from "../../../app/i18n";
import { useUrlState } from "../../../ui/useUrlState";
import { ChangedDefaults } from "../ChangedDefaults";
import type { PreviewState } from "../queries";
import { commentsOf } from "../values/comments";
import { readValues, reduced, repeated, resetValue, setValue, writeValues } from "../values/document";
import { fieldsOf } from "../values/fields";
import { changedDefaults, effective, type Layers } from "../values/layers";
import type { Path } from "../values/paths";
import { sealed, sealOf, unsealed, type Draft } from "./draft";
import { PreviewStatus } from "./PreviewStatus";
import { SealDialog } from "./SealDialog";
import { faultsOf, ValuesForm } from "./ValuesForm";

const PreviewPanel = lazy(() => import("./PreviewPanel"));
const CodeEditor = lazy(() => import("../../../ui/CodeEditor"));
const DiffView = lazy(() => import("../../../ui/DiffView"));

const VIEWS = ["form", "yaml", "difference"] as const;

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly chart: ChartDetail;
  /** The chart as it is installed, where another version of it is. */
  readonly before?: ChartDetail;
  /** Chart, groups and cluster. */
  readonly below: Layers;
  readonly preview: PreviewState;
}

/** Form, YAML and difference, any of them beside each other: all three show and change the one text of the overrides. */
export default function ValuesStep({ draft, onChange, chart, before, below, preview }: Props) {
  const { t } = useT();
  const wide = matchMedia("(min-width: 1200px)").matches;
  const [viewText, setViews] = useUrlState("view", wide ? "form,yaml" : "form");
  const views = VIEWS.filter((view) => viewText.split(",").includes(view));
  const [sealing, setSealing] = useState<Path>();
  const { text } = draft;
  const read = useMemo(() => readValues(text), [text]);
  const base = useMemo(() => effective(below), [below]);
  const layers = useMemo((): Layers => [...below, { layer: "release", values: read.values }], [below, read]);
  const values = useMemo(() => effective(layers), [layers]);
  const fields = useMemo(() => {
    const defaults = readValues(chart.values).values;
    return fieldsOf(chart.schema ?? undefined, defaults, commentsOf(chart.values));
  }, [chart]);
  const faults = useMemo(() => faultsOf(preview.preview?.schema), [preview.preview]);
  const doubled = useMemo(() => (read.fault ? 0 : repeated(read.values, base).length), [read, base]);
  const changed = useMemo(
    () => before && changedDefaults(readValues(before.values).values, readValues(chart.values).values, read.values),
    [before, chart, read],
  );
  const choose = (view: (typeof VIEWS)[number]) => {
    const next = views.includes(view) ? views.filter((one) => one !== view) : VIEWS.filter((one) => one === view || views.includes(one));
    setViews((next.length === 0 ? [view] : next).join(","));
  };
  return (
    <>
      {before && changed && (
        <div className="ngy-gap-bottom">
          <ChangedDefaults from={before.version} to={chart.version} changes={changed} />
        </div>
      )}
      <ToggleGroup aria-label={t("releases:form.views")} className="ngy-gap-bottom">
        {VIEWS.map((view) => (
          <ToggleGroupItem key={view} buttonId={`view-${view}`} text={t(`releases:form.${view}`)} isSelected={views.includes(view)} onChange={() => choose(view)} />
        ))}
      </ToggleGroup>
      <PreviewStatus state={preview} />
      <div className="ngy-values">
        {views.includes("form") && (
          <section aria-label={t("releases:form.form")}>
            <ValuesForm
              fields={fields}
              layers={layers}
              values={values}
              draft={draft}
              faults={faults}
              inferred={!chart.schema}
              disabled={read.fault !== undefined}
              onChange={(path, value) => onChange({ ...draft, text: value === undefined ? resetValue(text, path) : setValue(text, path, value, base) })}
              onSeal={setSealing}
              onUnseal={(path) => onChange(unsealed(draft, path))}
            />
          </section>
        )}
        {views.includes("yaml") && (
          <section aria-label={t("releases:form.yaml")}>
            <p className="ngy-small ngy-quiet ngy-gap-bottom">{t("releases:form.yamlHelp")}</p>
            {read.fault && (
              <Alert variant="danger" isInline title={t("releases:form.fault", { line: read.fault.line })} className="ngy-gap-bottom">
                {read.fault.message === "" ? t("releases:form.notMap") : <span lang="en">{read.fault.message}</span>}
              </Alert>
            )}
            {doubled > 0 && (
              <Alert
                variant="info"
                isInline
                title={t("releases:form.repeated", { count: doubled })}
                className="ngy-gap-bottom"
                actionLinks={<AlertActionLink onClick={() => onChange({ ...draft, text: reduced(text, base) })}>{t("releases:form.reduce")}</AlertActionLink>}
              />
            )}
            <Suspense fallback={t("common:loading")}>
              <CodeEditor label={t("releases:form.yamlLabel")} text={text} shared onChange={(next) => onChange({ ...draft, text: next })} />
            </Suspense>
          </section>
        )}
        {views.includes("difference") && (
          <section aria-label={t("releases:form.difference")}>
            <Difference before={base} after={values} />
          </section>
        )}
      </div>
      <Suspense fallback={null}>
        <PreviewPanel state={preview} />
      </Suspense>
      {sealing && (
        <SealDialog
          path={sealing}
          secret={sealOf(draft, sealing)?.secret}
          onClose={() => setSealing(undefined)}
          onSeal={(secret, value) => {
            onChange(sealed(draft, sealing, secret, value));
            setSealing(undefined);
          }}
        />
      )}
    </>
  );
}

/** What the release's own values make different from the layers below, in the whole of the values. */
function Difference({ before, after }: { readonly before: Values; readonly after: Values }) {
  const { t } = useT();
  const shown = useDeferredValue(after);
  const [old, now] = useMemo(() => [writeValues(before), writeValues(shown)], [before, shown]);
  return old === now ? (
    <p>{t("releases:form.same")}</p>
  ) : (
    <>
      <p className="ngy-small ngy-quiet ngy-gap-bottom">{t("releases:form.differenceHelp")}</p>
      <Suspense fallback={t("common:loading")}>
        <DiffView label={t("releases:form.difference")} before={old} after={now} folded={t("releases:form.unchanged")} />
      </Suspense>
    </>
  );
}
