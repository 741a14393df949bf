import { Button, PageSection, ProgressStep, ProgressStepper } from "@patternfly/react-core";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import type { ChartDetail, ChartVersionLine } from "../../../api/charts";
import { asApiError, type ApiError } from "../../../api/errors";
import { useCreate, useList, useReplace } from "../../../api/resources";
import type { Release } from "../../../api/types";
import { useT } from "../../../app/i18n";
import { useMe } from "../../../app/session";
import { tell, tellFailure } from "../../../app/toasts";
import { ChangedMeanwhile } from "../../../ui/ChangedMeanwhile";
import { SelectField } from "../../../ui/Field";
import { isName } from "../../../ui/names";
import { ObjectError } from "../../../ui/ObjectError";
import { PageHeader } from "../../../ui/PageHeader";
import { useUrlState } from "../../../ui/useUrlState";
import { Waiting } from "../../../ui/Waiting";
import { chartAddress, useChart } from "../../catalogue/queries";
import { sealSecrets, usePreview } from "../queries";
import { readValues } from "../values/document";
import { effective, told } from "../values/layers";
import { draftOf, emptyDraft, isAimed, tidied, toRelease, type Draft } from "./draft";
import { PreviewStatus } from "./PreviewStatus";
import { TargetStep } from "./TargetStep";

// Form, editors and preview are fetched while the target is chosen.
const ValuesStep = lazy(() => import("./ValuesStep"));
const ReviewStep = lazy(() => import("./ReviewStep"));

const STEPS = ["target", "values", "review"] as const;
type Step = (typeof STEPS)[number];

interface Props {
  readonly repository: string;
  readonly chart: string;
  readonly versions: readonly ChartVersionLine[];
  /** The version to begin with. */
  readonly version?: string;
  /** The release to be changed; without it one is made. */
  readonly base?: Release;
}

/** Target, values, review: installs a chart, or changes what is installed. */
export function Wizard({ repository, chart, versions, version, base }: Props) {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [start, setStart] = useState(base);
  const newest = versions[0]?.version ?? "";
  const first = () => (start ? { ...draftOf(start), ...(version ? { version } : {}) } : emptyDraft(chart, version ?? newest, me));
  const [draft, setDraft] = useState<Draft>(first);
  const [stepText, setStep] = useUrlState("step", base ? "values" : "target");
  const [cluster, setCluster] = useState("");
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const create = useCreate("releases");
  const replace = useReplace("releases");
  const groups = useList("groups", me.admin && draft.where === "group");

  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  // Who installs for a team begins where that team is.
  const teams = useList("teams", !me.admin);
  const home = teams.data?.items.find(({ metadata }) => metadata.name === me.teams[0]?.name);
  useEffect(() => {
    if (home) {
      setDraft((old) =>
        old.team === home.metadata.name && old.namespace === "" ? { ...old, namespace: home.spec.namespace || home.metadata.name, cluster: old.cluster || home.spec.cluster } : old,
      );
    }
  }, [home]);
  const aimed = isAimed(draft);
  const named = isName(draft.name) && draft.name.length <= 32;
  const timed = /^\d+$/.test(draft.timeout);
  const readable = useMemo(() => readValues(draft.text).fault === undefined, [draft.text]);
  const may: Record<Step, boolean> = { target: true, values: aimed && named && timed, review: aimed && named && timed && readable };
  const wanted = STEPS.find((one) => one === stepText) ?? "target";
  const step = may[wanted] ? wanted : "target";

  const wantedRelease = useMemo(() => toRelease(draft, repository, chart, start), [draft, repository, chart, start]);
  const preview = usePreview(draft.name || chart, aimed && readable ? wantedRelease.spec : undefined, draft.where === "group" && cluster !== "" ? cluster : undefined);
  const exact = versions.some((line) => line.version === draft.version) ? draft.version : preview.preview?.version || newest;
  const detail = useChart(repository, chart, exact);
  const installed = start?.status?.version;
  const before = useChart(repository, chart, installed && installed !== exact && versions.some((line) => line.version === installed) ? installed : undefined);
  const below = useMemo(
    () => told(detail.data ? readValues(detail.data.values).values : {}, preview.preview?.layers),
    [detail.data, preview.preview?.layers],
  );
  const members = groups.data?.items.find(({ metadata }) => metadata.name === draft.group)?.status?.clusters ?? [];
  const wrong = preview.preview !== undefined && (preview.preview.error !== undefined || preview.preview.schema.length > 0);
  const stale = start !== undefined && failure?.reason === "Conflict";
  const verb = start ? "upgrade" : "install";

  const go = (to: Step) => {
    if (to === "review") {
      // What repeats the layers below would hide their changes later on.
      setDraft((old) => tidied(old, effective(below)));
    }
    setFailure(null);
    setStep(to);
  };
  const finish = async () => {
    setBusy(true);
    setFailure(null);
    const { name } = draft;
    const values = Object.fromEntries(draft.secrets.flatMap(({ secret, value }) => (value === undefined ? [] : [[secret, value]])));
    const seal = async () => {
      if (Object.keys(values).length > 0) {
        await sealSecrets(name, values);
      }
    };
    try {
      if (start) {
        await seal();
        await replace.mutateAsync(wantedRelease);
      } else {
        await create.mutateAsync(wantedRelease);
        await seal().catch((error: unknown) => tellFailure(t("releases:wizard.failed.secrets", { name }), error));
      }
      tell(t(`releases:wizard.done.${verb}`, { name }));
      await navigate(`/releases/${name}`);
    } catch (error) {
      const refusal = asApiError(error);
      setFailure(refusal);
      if (refusal.causes.some(({ field }) => ["metadata.name", "spec.namespace", "spec.cluster", "spec.group", "spec.team", "spec.version"].includes(field ?? ""))) {
        setStep("target");
      }
    } finally {
      setBusy(false);
    }
  };

  const title = start ? t("releases:wizard.upgrade", { name: draft.name }) : t("releases:wizard.install", { chart });
  const parent = start ? { to: `/releases/${draft.name}`, title: draft.name } : { to: chartAddress(repository, chart), title: chart };
  return (
    <>
      <PageHeader title={title} parent={parent}>
        <nav aria-label={t("releases:wizard.steps")} className="ngy-gap-top">
          <ProgressStepper isCenterAligned={false}>
            {STEPS.map((one) => (
              <ProgressStep
                key={one}
                id={`step-${one}`}
                titleId={`step-${one}-title`}
                variant={one === step ? "info" : STEPS.indexOf(one) < STEPS.indexOf(step) ? "success" : "pending"}
                isCurrent={one === step}
                aria-label={t(`releases:wizard.step.${one}`)}
              >
                <Button variant="link" isInline isDisabled={!may[one]} aria-current={one === step ? "step" : undefined} onClick={() => go(one)}>
                  {t(`releases:wizard.step.${one}`)}
                </Button>
              </ProgressStep>
            ))}
          </ProgressStepper>
        </nav>
      </PageHeader>
      <PageSection hasBodyWrapper={false} isFilled>
        {failure && !stale && <ObjectError error={failure} title={t(`releases:wizard.failed.${verb}`, { name: draft.name })} />}
        {stale && (
          <ChangedMeanwhile
            onLoad={() => {
              setStart(base);
              setFailure(null);
            }}
          />
        )}
        {step !== "target" && draft.where === "group" && members.length > 1 && (
          <div className="ngy-gap-bottom">
            <SelectField
              id="preview-cluster"
              label={t("releases:preview.cluster")}
              value={cluster || (preview.preview?.cluster ?? "")}
              onChange={setCluster}
              options={members.map((value) => ({ value, text: value }))}
            />
          </div>
        )}
        {step === "target" && (
          <>
            <TargetStep draft={draft} onChange={set} versions={versions} base={start} error={failure} />
            {aimed && named && <div className="ngy-gap-top"><PreviewStatus state={preview} /></div>}
          </>
        )}
        <Suspense fallback={<Waiting />}>
          {step === "values" &&
            (detail.data ? (
            <ValuesStep draft={draft} onChange={setDraft} chart={detail.data} before={sameChart(before.data, installed)} below={below} preview={preview} />
          ) : detail.error ? (
            <ObjectError error={detail.error} title={t("catalogue:chart.failed")} onRetry={() => void detail.refetch()} />
          ) : (
            <Waiting />
          ))}
          {step === "review" && <ReviewStep draft={draft} onChange={set} repository={repository} chart={chart} preview={preview} />}
        </Suspense>
        <div className="ngy-actions ngy-wizard-actions">
          {step === "review" ? (
            <Button isDisabled={busy || wrong || preview.checking} isLoading={busy} onClick={() => void finish()}>
              {t(`releases:wizard.finish.${verb}`)}
            </Button>
          ) : (
            <Button isDisabled={!may[step === "target" ? "values" : "review"]} onClick={() => go(step === "target" ? "values" : "review")}>
              {t("releases:wizard.next")}
            </Button>
          )}
          {step !== "target" && (
            <Button variant="secondary" onClick={() => go(step === "review" ? "values" : "target")}>
              {t("releases:wizard.back")}
            </Button>
          )}
          <Button variant="link" onClick={() => void navigate(parent.to)}>
            {t("common:cancel")}
          </Button>
          {step === "review" && wrong && <span className="ngy-quiet">{t("releases:review.mend")}</span>}
        </div>
      </PageSection>
    </>
  );
}

/** The chart as it is installed; while another one is read, none. */
const sameChart = (detail: ChartDetail | undefined, version: string | undefined) => (detail?.version === version ? detail : undefined);
