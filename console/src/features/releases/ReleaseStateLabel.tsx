import type { Release, ReleaseState } from "../../api/types";
import { useT } from "../../app/i18n";
import { CheckCircleIcon, ExclamationCircleIcon, ExclamationTriangleIcon, HourglassHalfIcon, InProgressIcon, PauseIcon, UnlinkIcon } from "../../ui/icons";
import { PhaseLabel, type Look } from "../../ui/StatusLabel";
import { clustersOf, tally } from "./logic";

const LOOK: Readonly<Record<ReleaseState, Look>> = {
  Waiting: ["grey", HourglassHalfIcon],
  Installing: ["info", InProgressIcon],
  Upgrading: ["info", InProgressIcon],
  RollingBack: ["info", InProgressIcon],
  Uninstalling: ["info", InProgressIcon],
  Ready: ["success", CheckCircleIcon],
  NotReady: ["warning", ExclamationTriangleIcon],
  Failed: ["danger", ExclamationCircleIcon],
  Conflict: ["danger", ExclamationTriangleIcon],
  Unreachable: ["warning", UnlinkIcon],
};

/** Where a release stands on a cluster, or how many clusters stand there. */
export function ReleaseStateLabel({ state, count = 1 }: { readonly state: ReleaseState; readonly count?: number }) {
  const { t } = useT();
  const text = t(`releases:state.${state}`);
  return <PhaseLabel look={LOOK[state]} text={count === 1 ? text : t("releases:counted", { text, count })} />;
}

/** A release at a glance: on how many clusters it stands where. */
export function ReleaseStates({ release }: { readonly release: Release }) {
  const { t } = useT();
  const clusters = clustersOf(release);
  return (
    <span className="ngy-actions">
      {release.spec.suspended && <PhaseLabel look={["grey", PauseIcon]} text={t("releases:suspended")} />}
      {tally(clusters).map(([state, count]) => (
        <ReleaseStateLabel key={state} state={state} count={count} />
      ))}
      {clusters.length === 0 && <span className="ngy-quiet">{release.status ? t("releases:noTarget") : t("releases:notYet")}</span>}
    </span>
  );
}
