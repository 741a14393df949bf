import type { BundleState } from "../../api/types";
import { useT } from "../../app/i18n";
import { CheckCircleIcon, ExclamationCircleIcon, ExclamationTriangleIcon, HourglassHalfIcon, InProgressIcon, UnlinkIcon } from "../../ui/icons";
import { PhaseLabel, type Look } from "../../ui/StatusLabel";

const LOOK: Readonly<Record<BundleState, Look>> = {
  Waiting: ["grey", HourglassHalfIcon],
  Applying: ["info", InProgressIcon],
  Ready: ["success", CheckCircleIcon],
  NotReady: ["warning", ExclamationTriangleIcon],
  Failed: ["danger", ExclamationCircleIcon],
  Conflict: ["danger", ExclamationTriangleIcon],
  Unreachable: ["warning", UnlinkIcon],
};

/** Where a bundle stands on a cluster, or how many clusters stand there. */
export function BundleStateLabel({ state, count }: { readonly state: BundleState; readonly count?: number }) {
  const { t } = useT();
  const text = t(`bundles:state.${state}`);
  return <PhaseLabel look={LOOK[state]} text={count === undefined ? text : t("bundles:counted", { text, count })} />;
}
