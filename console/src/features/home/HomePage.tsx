import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { PageHeader } from "../../ui/PageHeader";
import { MyWorkspaces } from "./MyWorkspaces";
import { OperationsHome } from "./OperationsHome";
import { TeamHome } from "./TeamHome";

/** What a person needs first, by what they are: their desktops; their teams' troubles; the fleet's. */
export function HomePage() {
  const { t } = useT();
  const me = useMe();
  return (
    <>
      <PageHeader title={t("home:greeting", { name: me.displayName || me.name })} />
      {me.role === "admin" && <OperationsHome />}
      {me.role === "team-admin" && <TeamHome />}
      {/* Operations may have desktops of their own; if not, there is nothing to say about it. */}
      <MyWorkspaces quiet={me.role === "admin"} />
    </>
  );
}
