import { Button } from "@patternfly/react-core";
import { RouterLink } from "../../ui/RouterLink";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { DesktopIcon, PlayIcon, TrashRestoreIcon } from "../../ui/icons";
import { isComing, isDeleted, mayLookInto, phaseOf } from "./logic";
import { useStart } from "./queries";

/** The one thing most likely wanted with a workspace as it stands: open it, start it, or bring it back. */
export function PrimaryAction({ workspace, small, details }: { readonly workspace: Workspace; readonly small?: boolean; /** The page is not the workspace's own. */ readonly details?: boolean }) {
  const { t } = useT();
  const me = useMe();
  const start = useStart();
  const { name } = workspace.metadata;
  const size = small ? "sm" : "default";
  const phase = phaseOf(workspace);
  if (isDeleted(workspace)) {
    return (
      <Button size={size} variant="secondary" icon={<TrashRestoreIcon />} onClick={() => start.mutate(name)} isDisabled={phase !== "Deleted"}>
        {t("workspaces:action.restore")}
      </Button>
    );
  }
  if ((phase === "Running" || isComing(workspace)) && !mayLookInto(me, workspace)) {
    return null;
  }
  if (phase === "Running" || isComing(workspace)) {
    return (
      <Button
        size={size}
        variant={phase === "Running" ? "primary" : "secondary"}
        icon={<DesktopIcon />}
        component={RouterLink} href={`/workspaces/${name}/desktop`}
        aria-label={t("workspaces:action.openNamed", { name })}
      >
        {t("workspaces:action.open")}
      </Button>
    );
  }
  if (phase === "Stopped" || phase === "Stopping") {
    return (
      <Button
        size={size}
        variant={phase === "Stopped" ? "primary" : "secondary"}
        icon={<PlayIcon />}
        onClick={() => start.mutate(name)}
        aria-label={t("workspaces:action.startNamed", { name })}
      >
        {t("workspaces:action.start")}
      </Button>
    );
  }
  if (phase === "Failed" && details) {
    return (
      <Button size={size} variant="secondary" component={RouterLink} href={`/workspaces/${name}`} aria-label={t("workspaces:action.whyNamed", { name })}>
        {t("workspaces:action.why")}
      </Button>
    );
  }
  return null;
}
