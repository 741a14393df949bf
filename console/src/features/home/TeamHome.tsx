import { PageSection, Title } from "@patternfly/react-core";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { useNow } from "../../ui/Age";
import { ObjectError } from "../../ui/ObjectError";
import { ProblemList } from "./ProblemList";
import { problems } from "./problems";

/** What needs a team's administrator: workspaces of the teams that cannot start or take too long. */
export default function TeamHome() {
  const { t } = useT();
  const me = useMe();
  const now = useNow();
  const workspaces = useList("workspaces");
  const led = new Set(me.teams.filter((team) => team.role === "team-admin").map((team) => team.name));
  return (
    <PageSection hasBodyWrapper={false} aria-labelledby="needs">
      <Title headingLevel="h2" id="needs">
        {t("home:team.title")}
      </Title>
      {workspaces.error && <ObjectError error={workspaces.error} onRetry={() => void workspaces.refetch()} />}
      {workspaces.data && (
        <ProblemList
          label={t("home:team.title")}
          quiet={t("home:team.quiet")}
          problems={problems([], workspaces.data.items.filter((workspace) => led.has(workspace.spec.team)), now)}
        />
      )}
    </PageSection>
  );
}
