import { EmptyState, Switch, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useState } from "react";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { LogView, TAIL } from "../../ui/LogView";

/** The log of one container, followed while it is written. */
export function Logs({ workspace }: { readonly workspace: Workspace }) {
  const { t } = useT();
  const [container, setContainer] = useState<"workspace" | "relay">("workspace");
  const [follow, setFollow] = useState(true);
  const pod = workspace.status?.pod?.uid;
  if (!pod) {
    return <EmptyState headingLevel="h2" titleText={t("workspaces:logs.notRunning")} />;
  }
  const query = new URLSearchParams({ container, follow: String(follow), tailLines: TAIL });
  return (
    <>
      <div className="ngy-actions ngy-gap-bottom">
        <ToggleGroup aria-label={t("workspaces:logs.container")}>
          {(["workspace", "relay"] as const).map((value) => (
            <ToggleGroupItem
              key={value}
              buttonId={`log-${value}`}
              text={t(`workspaces:logs.${value}`)}
              isSelected={container === value}
              onChange={() => setContainer(value)}
            />
          ))}
        </ToggleGroup>
        <Switch id="log-follow" label={t("workspaces:logs.follow")} isChecked={follow} onChange={(_, value) => setFollow(value)} />
      </div>
      <LogView
        key={pod}
        path={`/api/v1alpha1/workspaces/${encodeURIComponent(workspace.metadata.name)}/logs?${query}`}
        follow={follow}
        title={t("workspaces:logs.title", { container })}
      />
    </>
  );
}
