import { Alert, Button } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useObject } from "../../api/resources";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { EventTable } from "../../ui/EventTable";
import { ObjectPage } from "../../ui/ObjectPage";
import { WorkspaceLabel } from "../../ui/StatusLabel";
import { PrimaryAction } from "./Actions";
import { DeleteDialog, PurgeDialog } from "./dialogs";
import { Logs } from "./Logs";
import { canStop, isDeleted, mayLookInto, phaseOf } from "./logic";
import { Overview } from "./Overview";
import { useStop } from "./queries";

export default function WorkspacePage() {
  const { name = "" } = useParams();
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const query = useObject("workspaces", name);
  const stop = useStop();
  const [asking, setAsking] = useState<"delete" | "purge">();
  const logs = query.data && mayLookInto(me, query.data);
  return (
    <>
      <ObjectPage
        plural="workspaces"
        badge={(workspace) => <WorkspaceLabel phase={phaseOf(workspace)} />}
        actions={(workspace) => (
          <>
            <PrimaryAction workspace={workspace} />
            {canStop(workspace) && (
              <Button variant="secondary" onClick={() => stop.mutate(name)}>
                {t("workspaces:action.stop")}
              </Button>
            )}
            {isDeleted(workspace) ? (
              <Button variant="secondary" isDanger onClick={() => setAsking("purge")} isDisabled={phaseOf(workspace) === "Purging"}>
                {t("workspaces:action.purge")}
              </Button>
            ) : (
              <Button variant="secondary" isDanger onClick={() => setAsking("delete")}>
                {t("workspaces:action.delete")}
              </Button>
            )}
          </>
        )}
        above={(workspace) =>
          workspace.status?.outdated &&
          !isDeleted(workspace) && (
            <Alert variant="info" isInline title={t("workspaces:detail.outdated.title")} className="ngy-gap-bottom">
              {t("workspaces:detail.outdated.body")}
            </Alert>
          )
        }
        tabs={[
          { key: "overview", title: t("workspaces:tab.overview"), content: (workspace) => <Overview workspace={workspace} /> },
          { key: "events", title: t("workspaces:tab.events"), content: (workspace) => <EventTable events={workspace.status?.events ?? []} /> },
          ...(logs ? [{ key: "logs", title: t("workspaces:tab.logs"), content: (workspace: Workspace) => <Logs workspace={workspace} /> }] : []),
        ]}
      />
      {asking === "delete" && <DeleteDialog names={[name]} onClose={() => setAsking(undefined)} onDone={() => setAsking(undefined)} />}
      {asking === "purge" && query.data && (
        <PurgeDialog workspace={query.data} onClose={() => setAsking(undefined)} onDone={() => void navigate("/workspaces")} />
      )}
    </>
  );
}
