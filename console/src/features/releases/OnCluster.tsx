import type { ReactNode } from "react";
import type { Release, ReleaseCluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { SelectField } from "../../ui/Field";
import { ClipboardListIcon } from "../../ui/icons";
import { useUrlState } from "../../ui/useUrlState";
import { byNeed, clustersOf } from "./logic";

/** Shows one cluster of a release; which, is in the address, and needs to be asked only where there are several. */
export function OnCluster({ release, of }: { readonly release: Release; readonly of: (cluster: ReleaseCluster) => ReactNode }) {
  const { t } = useT();
  const [wanted, setWanted] = useUrlState("on");
  const clusters = clustersOf(release);
  const shown = clusters.find(({ cluster }) => cluster === wanted) ?? byNeed(release)[0];
  if (!shown) {
    return <EmptyPage title={release.status ? t("releases:noTarget") : t("releases:notYet")} icon={ClipboardListIcon} />;
  }
  return (
    <>
      {clusters.length > 1 && (
        <div className="ngy-gap-bottom">
          <SelectField
            id="release-on"
            label={t("releases:detail.on")}
            value={shown.cluster ?? ""}
            onChange={setWanted}
            options={clusters.map(({ cluster = "" }) => ({ value: cluster, text: cluster }))}
          />
        </div>
      )}
      {of(shown)}
    </>
  );
}
