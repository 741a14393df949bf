import { lazy, Suspense } from "react";
import { useT } from "../../app/i18n";
import { persistent } from "../../app/persistent";
import { useMe } from "../../app/session";
import { PageHeader } from "../../ui/PageHeader";
import { Waiting } from "../../ui/Waiting";
import { MyWorkspaces } from "./MyWorkspaces";

// Members, who come every day, need neither.
const OperationsHome = lazy(persistent(() => import("./OperationsHome")));
const TeamHome = lazy(persistent(() => import("./TeamHome")));

/** What a person needs first, by what they are: their desktops; their teams' troubles; the fleet's. */
export function HomePage() {
  const { t } = useT();
  const me = useMe();
  return (
    <>
      <PageHeader title={t("home:greeting", { name: me.displayName || me.name })} />
      <Suspense fallback={<Waiting />}>
        {me.role === "admin" && <OperationsHome />}
        {me.role === "team-admin" && <TeamHome />}
      </Suspense>
      {/* Operations may have desktops of their own; if not, there is nothing to say about it. */}
      <MyWorkspaces quiet={me.role === "admin"} />
    </>
  );
}
