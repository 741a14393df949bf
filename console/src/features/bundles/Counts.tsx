import { Label } from "@patternfly/react-core";
import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { PauseIcon } from "../../ui/icons";
import { BundleStateLabel } from "./BundleStateLabel";
import { clustersOf, isPaused, tally } from "./logic";

/** A bundle at a glance: how many of its clusters are where, what needs somebody first. */
export function Counts({ bundle }: { readonly bundle: Bundle }) {
  const { t } = useT();
  const counts = tally(clustersOf(bundle));
  return (
    <div className="ngy-actions">
      {isPaused(bundle) && (
        <Label color="grey" icon={<PauseIcon />}>
          {t("bundles:paused")}
        </Label>
      )}
      {counts.map(([state, count]) => (
        <BundleStateLabel key={state} state={state} count={count} />
      ))}
      {counts.length === 0 && <span className="ngy-quiet">{bundle.status ? t("bundles:noTarget") : t("bundles:notYet")}</span>}
    </div>
  );
}
