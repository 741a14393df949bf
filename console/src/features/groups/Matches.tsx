import { Label, LabelGroup } from "@patternfly/react-core";
import { Link } from "react-router";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { CheckCircleIcon, ExclamationTriangleIcon } from "../../ui/icons";

/** Names shown of the clusters selected; a group of hundreds is told by its number. */
const SHOWN = 12;

/** Which clusters a selector matches while it is typed. */
export function Matches({ clusters, total }: { readonly clusters: readonly Cluster[]; readonly total: number }) {
  const { t } = useT();
  const text = t("groups:matches.count", { count: clusters.length, total });
  return (
    <div aria-live="polite">
      <p className="ngy-gap-bottom">{text}</p>
      {clusters.length > 0 && (
        <LabelGroup aria-label={text} numLabels={SHOWN + 1}>
          {clusters.slice(0, SHOWN).map(({ metadata, status }) => (
            <Label
              key={metadata.name}
              isCompact
              variant="outline"
              icon={status?.phase === "Ready" ? <CheckCircleIcon /> : <ExclamationTriangleIcon />}
              render={({ className, content, componentRef }) => (
                <Link to={`/clusters/${metadata.name}`} target="_blank" className={className} ref={componentRef as never}>
                  {content}
                </Link>
              )}
            >
              {metadata.name}
            </Label>
          ))}
          {clusters.length > SHOWN && (
            <Label isCompact variant="outline">
              {t("groups:matches.more", { count: clusters.length - SHOWN })}
            </Label>
          )}
        </LabelGroup>
      )}
    </div>
  );
}
