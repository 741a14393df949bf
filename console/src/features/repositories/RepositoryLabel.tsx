import type { Repository } from "../../api/types";
import { useT } from "../../app/i18n";
import { CheckCircleIcon, ExclamationCircleIcon, HourglassHalfIcon } from "../../ui/icons";
import { PhaseLabel, type Look } from "../../ui/StatusLabel";
import { stateOf, type RepositoryState } from "./logic";

const LOOKS: Readonly<Record<RepositoryState, Look>> = {
  Pending: ["info", HourglassHalfIcon],
  Ready: ["success", CheckCircleIcon],
  Failed: ["danger", ExclamationCircleIcon],
};

export function RepositoryLabel({ repository }: { readonly repository: Repository }) {
  const { t } = useT();
  const state = stateOf(repository);
  return <PhaseLabel look={LOOKS[state]} text={t(`repositories:state.${state}`)} />;
}
