import type { ComponentType } from "react";
import type { Role } from "../api/session";
import { BundleIcon, CatalogIcon, ClipboardListIcon, CodeBranchIcon, CogIcon, CubeIcon, CubesIcon, DesktopIcon, HomeIcon, ImagesIcon, LayerGroupIcon, RegistryIcon, ServerIcon, UserIcon, UsersIcon } from "../ui/icons";

/** A page of the menu: its path, the key its `g` shortcut waits for, and who sees it. */
export interface MenuItem {
  readonly id: "home" | "workspaces" | "clusters" | "groups" | "bundles" | "sources" | "catalogue" | "repositories" | "releases" | "teams" | "users" | "templates" | "images" | "audit" | "settings";
  readonly path: string;
  readonly key: string;
  readonly icon: ComponentType;
  readonly roles: readonly Role[];
}

const ALL: readonly Role[] = ["admin", "team-admin", "member"];
const LEADS: readonly Role[] = ["admin", "team-admin"];
const ADMIN: readonly Role[] = ["admin"];

export const MENU: readonly MenuItem[] = [
  { id: "home", path: "/", key: "h", icon: HomeIcon, roles: ALL },
  { id: "workspaces", path: "/workspaces", key: "w", icon: DesktopIcon, roles: ALL },
  { id: "catalogue", path: "/catalogue", key: "k", icon: CatalogIcon, roles: ALL },
  { id: "releases", path: "/releases", key: "r", icon: CubeIcon, roles: ALL },
  { id: "clusters", path: "/clusters", key: "c", icon: ServerIcon, roles: LEADS },
  { id: "groups", path: "/groups", key: "g", icon: LayerGroupIcon, roles: ADMIN },
  { id: "bundles", path: "/bundles", key: "b", icon: BundleIcon, roles: ADMIN },
  { id: "sources", path: "/sources", key: "o", icon: CodeBranchIcon, roles: ADMIN },
  { id: "repositories", path: "/repositories", key: "y", icon: RegistryIcon, roles: ADMIN },
  { id: "teams", path: "/teams", key: "t", icon: UsersIcon, roles: LEADS },
  { id: "users", path: "/users", key: "u", icon: UserIcon, roles: ADMIN },
  { id: "templates", path: "/templates", key: "p", icon: CubesIcon, roles: LEADS },
  { id: "images", path: "/images", key: "i", icon: ImagesIcon, roles: LEADS },
  { id: "audit", path: "/audit", key: "a", icon: ClipboardListIcon, roles: ADMIN },
  { id: "settings", path: "/settings", key: "s", icon: CogIcon, roles: ALL },
];

export function menuFor(role: Role): readonly MenuItem[] {
  return MENU.filter((item) => item.roles.includes(role));
}
