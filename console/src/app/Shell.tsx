import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  MenuToggle,
  Nav,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from "@patternfly/react-core";
import { Suspense, useEffect, useRef, useState } from "react";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { RouterLink } from "../ui/RouterLink";
import { CogIcon, KeyboardIcon, SignOutIcon, UserIcon } from "../ui/icons";
import { Waiting } from "../ui/Waiting";
import { useT } from "./i18n";
import { OverrideQuestion } from "../ui/OverrideQuestion";
import { LivePaused } from "./LivePaused";
import { Mark } from "./Mark";
import { menuFor } from "./menu";
import { useMe } from "./session";
import { ShortcutHelp, useShortcuts } from "./shortcuts";
import { useLogOut } from "./useLogOut";

const NARROW = "(max-width: 1199px)";

/** Masthead, menu and the page. */
export function Shell() {
  const { t } = useT();
  const me = useMe();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(() => !matchMedia(NARROW).matches);
  const [help, setHelp] = useState(false);
  useShortcuts(() => setHelp(true));

  const at = useRef(pathname);
  useEffect(() => {
    // On a narrow screen the menu lies over the page: once it was used, it goes.
    if (at.current !== pathname && matchMedia(NARROW).matches) {
      setOpen(false);
    }
    at.current = pathname;
  }, [pathname]);

  const masthead = (
    <Masthead display={{ default: "inline" }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={t("app:menu")} isSidebarOpen={open} onSidebarToggle={() => setOpen(!open)} />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={RouterLink} href="/" className="ngy-brand">
            <Mark />
            <span>Nagaya</span>
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <Toolbar isStatic ouiaId="masthead">
          <ToolbarContent alignItems="center">
            <ToolbarItem align={{ default: "alignEnd" }}>
              <LivePaused />
            </ToolbarItem>
            <ToolbarItem visibility={{ default: "hidden", md: "visible" }}>
              <Button variant="plain" icon={<KeyboardIcon />} aria-label={t("app:shortcuts.title")} onClick={() => setHelp(true)} />
            </ToolbarItem>
            <ToolbarItem>
              <UserMenu />
            </ToolbarItem>
          </ToolbarContent>
        </Toolbar>
      </MastheadContent>
    </Masthead>
  );

  const sidebar = (
    <PageSidebar isSidebarOpen={open}>
      <PageSidebarBody>
        <Nav aria-label={t("app:menu")}>
          <NavList>
            {menuFor(me.role).map((item) => {
              const Icon = item.icon;
              const active = item.path === "/" ? pathname === "/" : pathname === item.path || pathname.startsWith(`${item.path}/`);
              return (
                <NavItem key={item.id} itemId={item.id} isActive={active}>
                  <Link to={item.path} aria-current={active ? "page" : undefined}>
                    <span className="pf-v6-c-nav__link-icon">
                      <Icon />
                    </span>
                    <span className="pf-v6-c-nav__link-text">{t(`app:pages.${item.id}`)}</span>
                  </Link>
                </NavItem>
              );
            })}
          </NavList>
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );

  return (
    <Page
      masthead={masthead}
      sidebar={sidebar}
      skipToContent={<SkipToContent href="#main">{t("app:skip")}</SkipToContent>}
      mainContainerId="main"
      mainAriaLabel={t("app:main")}
      isContentFilled
    >
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      <OverrideQuestion />
    </Page>
  );
}

function UserMenu() {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const [open, setOpen] = useState(false);
  const name = me.displayName || me.name;
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle ref={ref} variant="plainText" icon={<UserIcon />} aria-label={name} isExpanded={open} onClick={() => setOpen(!open)}>
          <span className="ngy-user-name">{name}</span>
        </MenuToggle>
      )}
    >
      <DropdownList>
        <DropdownItem icon={<CogIcon />} onClick={() => void navigate("/settings")} description={t(`app:roles.${me.role}`)}>
          {t("app:pages.settings")}
        </DropdownItem>
        <DropdownItem icon={<SignOutIcon />} onClick={() => void logOut()}>
          {t("app:logOut")}
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
