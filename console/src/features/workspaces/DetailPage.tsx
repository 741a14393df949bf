import { Alert, Button, PageSection, Tab, Tabs, TabTitleText } from "@patternfly/react-core";
import { lazy, Suspense, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { QuestionIcon } from "../../ui/icons";
import { EmptyPage } from "../../ui/EmptyPage";
import { EventTable } from "../../ui/EventTable";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { RouterLink } from "../../ui/RouterLink";
import { WorkspaceLabel } from "../../ui/StatusLabel";
import { Waiting } from "../../ui/Waiting";
import { PrimaryAction } from "./Actions";
import { DeleteDialog, PurgeDialog } from "./dialogs";
import { Logs } from "./Logs";
import { canStop, isDeleted, phaseOf } from "./logic";
import { Overview } from "./Overview";
import { useStop } from "./queries";

const YamlView = lazy(() => import("../../ui/YamlView"));
const TABS = ["overview", "events", "logs", "yaml"] as const;

export default function WorkspacePage() {
  const { name = "", tab = "overview" } = useParams();
  const { t } = useT();
  const navigate = useNavigate();
  const query = useObject("workspaces", name);
  const stop = useStop();
  const [asking, setAsking] = useState<"delete" | "purge">();
  const workspace = query.data;
  const parent = { to: "/workspaces", title: t("app:pages.workspaces") };

  if (query.error && (query.error.code === 404 || !workspace)) {
    return (
      <>
        <PageHeader title={name} parent={parent} />
        <PageSection hasBodyWrapper={false}>
          {query.error.code === 404 ? (
            <EmptyPage
              title={t("workspaces:detail.notFound", { name })}
              icon={QuestionIcon}
              action={
                <Button component={RouterLink} href="/workspaces">
                  {t("app:pages.workspaces")}
                </Button>
              }
            />
          ) : (
            <ObjectError error={query.error} onRetry={() => void query.refetch()} />
          )}
        </PageSection>
      </>
    );
  }
  if (!workspace) {
    return <Waiting />;
  }
  const phase = phaseOf(workspace);
  return (
    <>
      <PageHeader
        title={name}
        parent={parent}
        badge={<WorkspaceLabel phase={phase} />}
        actions={
          <>
            <PrimaryAction workspace={workspace} />
            {canStop(workspace) && (
              <Button variant="secondary" onClick={() => stop.mutate(name)}>
                {t("workspaces:action.stop")}
              </Button>
            )}
            {isDeleted(workspace) ? (
              <Button variant="secondary" isDanger onClick={() => setAsking("purge")} isDisabled={phase === "Purging"}>
                {t("workspaces:action.purge")}
              </Button>
            ) : (
              <Button variant="secondary" isDanger onClick={() => setAsking("delete")}>
                {t("workspaces:action.delete")}
              </Button>
            )}
          </>
        }
      />
      <PageSection hasBodyWrapper={false} type="tabs">
        <Tabs
          activeKey={tab}
          onSelect={(_, key) => void navigate(key === "overview" ? `/workspaces/${name}` : `/workspaces/${name}/${key}`)}
          aria-label={name}
          component="nav"
        >
          {TABS.map((key) => (
            <Tab
              key={key}
              eventKey={key}
              href={key === "overview" ? `/workspaces/${name}` : `/workspaces/${name}/${key}`}
              onClick={(event: { preventDefault: () => void }) => event.preventDefault()}
              title={<TabTitleText>{t(`workspaces:tab.${key}`)}</TabTitleText>}
            />
          ))}
        </Tabs>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {workspace.status?.outdated && !isDeleted(workspace) && (
          <Alert variant="info" isInline title={t("workspaces:detail.outdated.title")} className="ngy-gap-bottom">
            {t("workspaces:detail.outdated.body")}
          </Alert>
        )}
        <Suspense fallback={<Waiting />}>
          {tab === "overview" && <Overview workspace={workspace} />}
          {tab === "events" && <EventTable events={workspace.status?.events ?? []} />}
          {tab === "logs" && <Logs workspace={workspace} />}
          {tab === "yaml" && <YamlView object={workspace} />}
        </Suspense>
      </PageSection>
      {asking === "delete" && <DeleteDialog names={[name]} onClose={() => setAsking(undefined)} onDone={() => setAsking(undefined)} />}
      {asking === "purge" && (
        <PurgeDialog workspace={workspace} onClose={() => setAsking(undefined)} onDone={() => void navigate("/workspaces")} />
      )}
    </>
  );
}
