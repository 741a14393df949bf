import { Button, Card, CardBody, CardFooter, CardHeader, CardTitle, Gallery, PageSection, Skeleton, Title } from "@patternfly/react-core";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { DesktopIcon, UsersIcon } from "../../ui/icons";
import { EmptyPage } from "../../ui/EmptyPage";
import { ObjectError } from "../../ui/ObjectError";
import { RouterLink } from "../../ui/RouterLink";
import { WorkspaceLabel } from "../../ui/StatusLabel";
import { PrimaryAction } from "../workspaces/Actions";
import { canStop, isDeleted, phaseOf } from "../workspaces/logic";
import { useStop } from "../workspaces/queries";
import { Why } from "../workspaces/Why";

/** A person's own workspaces as cards, each with the one thing most likely wanted. */
export function MyWorkspaces({ quiet }: { /** Says nothing while there are none. */ readonly quiet: boolean }) {
  const { t } = useT();
  const me = useMe();
  const list = useList("workspaces");
  const mine = list.data?.items.filter((workspace) => workspace.spec.owner === me.name && !isDeleted(workspace));
  if (quiet && !mine?.length) {
    return null;
  }
  const create = (
    <Button component={RouterLink} href="/workspaces/new" variant={mine?.length === 0 ? "primary" : "secondary"}>
      {t("workspaces:action.create")}
    </Button>
  );
  return (
    <PageSection hasBodyWrapper={false} aria-labelledby="mine">
      <div className="ngy-section-head">
        <Title headingLevel="h2" id="mine">
          {t("home:mine.title")}
        </Title>
        {mine && mine.length > 0 && create}
      </div>
      {list.error && <ObjectError error={list.error} title={t("workspaces:list.failed")} onRetry={() => void list.refetch()} />}
      {list.isPending && (
        <Gallery hasGutter minWidths={{ default: "280px" }}>
          <Skeleton height="11rem" screenreaderText={t("common:loading")} />
          <Skeleton height="11rem" />
        </Gallery>
      )}
      {mine?.length === 0 &&
        (me.teams.length === 0 ? (
          <EmptyPage title={t("home:mine.noTeam.title")} icon={UsersIcon}>
            {t("home:mine.noTeam.body")}
          </EmptyPage>
        ) : (
          <EmptyPage title={t("home:mine.empty.title")} icon={DesktopIcon} action={create}>
            {t("home:mine.empty.body")}
          </EmptyPage>
        ))}
      {mine && mine.length > 0 && (
        <Gallery hasGutter minWidths={{ default: "280px" }} maxWidths={{ default: "420px" }} component="ul">
          {mine.map((workspace) => (
            <li key={workspace.metadata.name}>
              <WorkspaceCard workspace={workspace} />
            </li>
          ))}
        </Gallery>
      )}
    </PageSection>
  );
}

function WorkspaceCard({ workspace }: { readonly workspace: Workspace }) {
  const { t } = useT();
  const stop = useStop();
  const { name } = workspace.metadata;
  const { team, template } = workspace.spec;
  return (
    <Card isFullHeight className="ngy-workspace-card">
      <CardHeader actions={{ actions: <WorkspaceLabel phase={phaseOf(workspace)} />, hasNoOffset: true }}>
        <CardTitle component="h3">
          <Link to={`/workspaces/${name}`}>{name}</Link>
        </CardTitle>
      </CardHeader>
      <CardBody>
        <p className="ngy-quiet">{t("workspaces:card.on", { team, template })}</p>
        <p>
          <Why workspace={workspace} />
        </p>
      </CardBody>
      <CardFooter>
        <div className="ngy-actions">
          <PrimaryAction workspace={workspace} details />
          {canStop(workspace) && (
            <Button variant="link" onClick={() => stop.mutate(name)}>
              {t("workspaces:action.stop")}
            </Button>
          )}
        </div>
      </CardFooter>
    </Card>
  );
}
