import { lazy, Suspense } from "react";
import type { RouteObject } from "react-router";
import type { Role } from "../api/session";
import { HomePage } from "../features/home/HomePage";
import { Landed } from "../features/login/Landed";
import { Waiting } from "../ui/Waiting";
import { ErrorPage, NotFoundPage } from "./ErrorPage";
import { persistent, type Load } from "./persistent";
import { useMe, Session } from "./session";
import { Shell } from "./Shell";

/** A page that is fetched when it is first visited. */
function page(load: Load, roles?: readonly Role[]) {
  const Page = lazy(persistent(load));
  function Guarded() {
    const { role } = useMe();
    return roles && !roles.includes(role) ? <NotFoundPage /> : <Page />;
  }
  return <Guarded />;
}

const LEADS: readonly Role[] = ["admin", "team-admin"];
const ADMIN: readonly Role[] = ["admin"];

const DesktopPage = lazy(persistent(() => import("../features/desktop/DesktopPage")));

export const routes: RouteObject[] = [
  {
    path: "/login",
    errorElement: <ErrorPage />,
    element: (
      <Session>
        <Landed />
      </Session>
    ),
  },
  {
    path: "/workspaces/:name/desktop",
    errorElement: <ErrorPage />,
    element: (
      <Session>
        <Suspense fallback={<Waiting />}>
          <DesktopPage />
        </Suspense>
      </Session>
    ),
  },
  {
    element: (
      <Session>
        <Shell />
      </Session>
    ),
    errorElement: <ErrorPage />,
    children: [
      { index: true, element: <HomePage /> },
      { path: "workspaces", element: page(() => import("../features/workspaces/ListPage")) },
      { path: "workspaces/new", element: page(() => import("../features/workspaces/CreatePage")) },
      { path: "workspaces/:name/:tab?", element: page(() => import("../features/workspaces/DetailPage")) },
      { path: "catalogue", element: page(() => import("../features/catalogue/ListPage")) },
      { path: "catalogue/:repository/:chart/install", element: page(() => import("../features/releases/InstallPage")) },
      { path: "catalogue/:repository/:chart/:tab?", element: page(() => import("../features/catalogue/ChartPage")) },
      { path: "releases", element: page(() => import("../features/releases/ListPage")) },
      { path: "releases/:name/upgrade", element: page(() => import("../features/releases/UpgradePage")) },
      { path: "releases/:name/:tab?", element: page(() => import("../features/releases/DetailPage")) },
      { path: "clusters", element: page(() => import("../features/clusters/ListPage")) },
      { path: "clusters/:name/:tab?", element: page(() => import("../features/clusters/DetailPage")) },
      { path: "groups", element: page(() => import("../features/groups/ListPage"), ADMIN) },
      { path: "groups/:name/:tab?", element: page(() => import("../features/groups/DetailPage"), ADMIN) },
      { path: "bundles", element: page(() => import("../features/bundles/ListPage"), ADMIN) },
      { path: "bundles/new", element: page(() => import("../features/bundles/EditPage"), ADMIN) },
      { path: "bundles/:name/edit", element: page(() => import("../features/bundles/EditPage"), ADMIN) },
      { path: "bundles/:name/:tab?", element: page(() => import("../features/bundles/DetailPage"), ADMIN) },
      { path: "sources", element: page(() => import("../features/sources/ListPage"), ADMIN) },
      { path: "sources/:name/:tab?", element: page(() => import("../features/sources/DetailPage"), ADMIN) },
      { path: "repositories", element: page(() => import("../features/repositories/ListPage"), ADMIN) },
      { path: "repositories/:name/:tab?", element: page(() => import("../features/repositories/DetailPage"), ADMIN) },
      { path: "teams", element: page(() => import("../features/teams/ListPage"), LEADS) },
      { path: "teams/:name/:tab?", element: page(() => import("../features/teams/DetailPage"), LEADS) },
      { path: "users", element: page(() => import("../features/users/ListPage"), ADMIN) },
      { path: "templates", element: page(() => import("../features/templates/ListPage"), LEADS) },
      { path: "templates/new", element: page(() => import("../features/templates/EditPage"), LEADS) },
      { path: "templates/:name/edit", element: page(() => import("../features/templates/EditPage"), LEADS) },
      { path: "templates/:name/:tab?", element: page(() => import("../features/templates/DetailPage"), LEADS) },
      { path: "images", element: page(() => import("../features/images/ListPage"), LEADS) },
      { path: "audit", element: page(() => import("../features/audit/ListPage"), ADMIN) },
      { path: "settings", element: page(() => import("../features/settings/SettingsPage")) },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];
