import type { Workspace } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { isDeleted, phaseOf } from "./logic";

/** One line: what a workspace waits for or why it failed, and since when. */
export function Why({ workspace }: { readonly workspace: Workspace }) {
  const { t, i18n } = useT();
  const phase = phaseOf(workspace);
  const { reason, message, since } = workspace.status ?? {};
  const settled = workspace.status?.phase === phase;
  // Without a reason the sentence says no more than the phase, which is translated.
  const text = settled && reason ? reasonText(i18n, reason, message) : "";
  const fallback = isDeleted(workspace) ? t("workspaces:why.Deleted") : phase === "Running" ? "" : t(`workspaces:why.${phase}`);
  return (
    <span className="ngy-why">
      {text || fallback} {settled && since && <Age at={since} />}
    </span>
  );
}
