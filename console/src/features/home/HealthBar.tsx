import type { ClusterPhase } from "../../api/types";
import { useT } from "../../app/i18n";

const TONE: Readonly<Partial<Record<ClusterPhase, string>>> = { Ready: "success", Degraded: "warning", Unreachable: "danger" };

/** How some clusters do, as one bar; in words for those who do not see it. What is not well stands below it as text too. */
export function HealthBar({ phases }: { readonly phases: readonly (readonly [ClusterPhase, number])[] }) {
  const { t } = useT();
  const words = phases.map(([phase, count]) => t("bundles:counted", { text: t(`clusters:phase.${phase}`), count }));
  const others = phases.flatMap(([phase], index) => (phase === "Ready" ? [] : [words[index]]));
  return (
    <>
      <div className="ngy-bar-chart" role="img" aria-label={words.join(", ")}>
        {phases.map(([phase, count]) => (
          <span key={phase} className={`ngy-bar-${TONE[phase] ?? "other"}`} style={{ flexGrow: count }} />
        ))}
      </div>
      {others.length > 0 && (
        <div className="ngy-small" aria-hidden="true">
          {others.join(", ")}
        </div>
      )}
    </>
  );
}
