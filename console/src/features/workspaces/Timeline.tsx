import { ProgressStep, ProgressStepper } from "@patternfly/react-core";
import type { Workspace } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { duration, useNow } from "../../ui/Age";
import { InProgressIcon } from "../../ui/icons";
import { phaseOf, timeline } from "./logic";

const VARIANT = { done: "success", current: "info", failed: "danger", waiting: "pending" } as const;

/** The steps from the click to the desktop: what each took, which one is awaited, why, and since when. */
export function Timeline({ workspace, brief }: { readonly workspace: Workspace; /** The reason stands elsewhere. */ readonly brief?: boolean }) {
  const { t, i18n, language } = useT();
  const now = useNow();
  const { status } = workspace;
  const steps = timeline(workspace);
  const lastDone = steps.findLast((step) => step.at !== undefined)?.at;
  const begun = lastDone ?? status?.since ?? workspace.metadata.creationTimestamp;
  const why = !brief && status?.phase === phaseOf(workspace) && status.reason ? reasonText(i18n, status.reason, status.message) : "";
  return (
    <ProgressStepper isVertical aria-label={t("workspaces:timeline.title")}>
      {steps.map((step) => {
        const waited = begun ? Math.max(0, now - Date.parse(begun)) : 0;
        const text =
          step.state === "done"
            ? step.took === undefined
              ? undefined
              : t("workspaces:timeline.took", { time: duration(step.took, language) })
            : step.state === "waiting"
              ? undefined
              : [why, waited >= 1000 ? t("workspaces:timeline.since", { time: duration(waited, language) }) : ""].filter(Boolean).join(" · ");
        return (
          <ProgressStep
            key={step.name}
            id={`step-${step.name}`}
            titleId={`step-${step.name}-title`}
            variant={VARIANT[step.state]}
            isCurrent={step.state === "current"}
            icon={step.state === "current" ? <InProgressIcon className="ngy-spin" /> : undefined}
            description={text}
            aria-label={t(`workspaces:timeline.state.${step.state}`, { step: t(`workspaces:timeline.step.${step.name}`) })}
          >
            {t(`workspaces:timeline.step.${step.name}`)}
          </ProgressStep>
        );
      })}
    </ProgressStepper>
  );
}
