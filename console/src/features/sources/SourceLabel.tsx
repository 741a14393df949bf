import type { Source } from "../../api/types";
import { useT } from "../../app/i18n";
import { CheckCircleIcon, ExclamationCircleIcon, HourglassHalfIcon, PauseIcon } from "../../ui/icons";
import { PhaseLabel, type Look } from "../../ui/StatusLabel";
import { stateOf, type SourceState } from "./logic";

const LOOKS: Readonly<Record<SourceState, Look>> = {
  Suspended: ["grey", PauseIcon],
  Pending: ["info", HourglassHalfIcon],
  Synced: ["success", CheckCircleIcon],
  Failed: ["danger", ExclamationCircleIcon],
};

export function SourceLabel({ source }: { readonly source: Source }) {
  const { t } = useT();
  const state = stateOf(source);
  return <PhaseLabel look={LOOKS[state]} text={t(`sources:state.${state}`)} />;
}
