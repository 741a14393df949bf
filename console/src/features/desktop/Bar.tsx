import {
  Button,
  Divider,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
  Tooltip,
  type MenuToggleElement,
} from "@patternfly/react-core";
import { forwardRef, useState, type ReactNode, type Ref } from "react";
import { Link } from "react-router";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { ArrowLeftIcon, CogIcon, CompressIcon, ExpandIcon, KeyboardIcon, OffIcon } from "../../ui/icons";
import { WorkspaceLabel } from "../../ui/StatusLabel";
import { canStop, phaseOf } from "../workspaces/logic";
import { ClipboardPanel } from "./ClipboardPanel";
import type { ConnectionState } from "./connection";
import { EdgeTab } from "./EdgeTab";
import { COMBINATIONS, JAPANESE, type Key } from "./keys";
import { QUALITIES, RESIZES, type Preferences } from "./preferences";
import type { Clipboard } from "./useClipboard";

interface Props {
  readonly name: string;
  readonly workspace: Workspace | undefined;
  readonly connected: boolean;
  readonly state: ConnectionState;
  readonly latency: number | undefined;
  readonly clipboard: Clipboard;
  readonly preferences: Preferences;
  readonly onPreferences: (change: Partial<Preferences>) => void;
  readonly fullScreen: { readonly on: boolean; readonly possible: boolean; readonly toggle: () => void };
  readonly onKeys: (keys: readonly Key[]) => void;
  readonly onStop: () => void;
  /** The work in the bar is done: the focus goes back to the desktop. */
  readonly onLeave: () => void;
}

/** The bar above the picture; in full screen behind a tab at the edge, which can be dragged aside. */
export const Bar = forwardRef(function Bar(props: Props, ref: Ref<HTMLElement>) {
  const { name, workspace, connected, latency, clipboard, preferences, onPreferences, fullScreen, onKeys, onStop, onLeave } = props;
  const { t, language } = useT();
  const [open, setOpen] = useState(false);
  const milliseconds = new Intl.NumberFormat(language, { maximumFractionDigits: latency !== undefined && latency < 10 ? 1 : 0 });

  return (
    <>
      {fullScreen.on && <EdgeTab open={open} onToggle={() => setOpen(!open)} />}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it listens to what bubbles up from its buttons */}
      <header
        ref={ref}
        className={open ? "ngy-bar ngy-bar-open" : "ngy-bar"}
        aria-label={t("desktop:bar")}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) {
            event.currentTarget.classList.remove("ngy-bar-open");
          }
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) {
            onLeave();
          }
        }}
      >
        <Tooltip content={t("desktop:back")}>
          <Link to={`/workspaces/${name}`} className="ngy-bar-name" aria-label={t("desktop:backTo", { name })}>
            <ArrowLeftIcon aria-hidden="true" />
            <span>{name}</span>
          </Link>
        </Tooltip>
        {workspace && !connected && <WorkspaceLabel phase={phaseOf(workspace)} />}
        {connected && (
          <Tooltip content={t("desktop:latencyHelp")}>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its explanation must be reachable without a mouse */}
            <span className="ngy-latency" tabIndex={0} data-testid="latency">
              <span className={latency !== undefined && latency > 150 ? "ngy-dot ngy-dot-slow" : "ngy-dot"} aria-hidden="true" />
              {latency === undefined ? t("desktop:measuring") : t("desktop:milliseconds", { value: milliseconds.format(latency) })}
            </span>
          </Tooltip>
        )}
        <span className="ngy-bar-space" />

        <ClipboardPanel clipboard={clipboard} disabled={!connected} onLeave={onLeave} />

        <BarMenu icon={<KeyboardIcon />} label={t("desktop:keyboard.title")} disabled={!connected}>
          {(close) => (
            <>
              <DropdownGroup label={t("desktop:keyboard.method")}>
                <DropdownList>
                  <DropdownItem isSelected={!preferences.compose} onClick={() => (close(), onPreferences({ compose: false }))} description={t("desktop:keyboard.thereHelp")}>
                    {t("desktop:keyboard.there")}
                  </DropdownItem>
                  <DropdownItem isSelected={preferences.compose} onClick={() => (close(), onPreferences({ compose: true }))} description={t("desktop:keyboard.hereHelp")}>
                    {t("desktop:keyboard.here")}
                  </DropdownItem>
                </DropdownList>
              </DropdownGroup>
              <Divider />
              <DropdownGroup label={t("desktop:keyboard.japanese")}>
                <DropdownList>
                  {JAPANESE.map((item) => (
                    <DropdownItem key={item.id} onClick={() => (close(), onKeys(item.keys))}>
                      <kbd lang="ja">{item.label}</kbd>
                    </DropdownItem>
                  ))}
                </DropdownList>
              </DropdownGroup>
              <Divider />
              <DropdownGroup label={t("desktop:keyboard.keys")}>
                <DropdownList>
                  {COMBINATIONS.map((item) => (
                    <DropdownItem key={item.id} onClick={() => (close(), onKeys(item.keys))}>
                      <kbd>{item.label}</kbd>
                    </DropdownItem>
                  ))}
                </DropdownList>
              </DropdownGroup>
            </>
          )}
        </BarMenu>

        <BarMenu icon={<CogIcon />} label={t("desktop:view.title")}>
          {(close) => (
            <>
              <DropdownGroup label={t("desktop:view.size")}>
                <DropdownList>
                  {RESIZES.map((value) => (
                    <DropdownItem key={value} isSelected={preferences.resize === value} onClick={() => (close(), onPreferences({ resize: value }))}>
                      {t(`desktop:view.resize.${value}`)}
                    </DropdownItem>
                  ))}
                </DropdownList>
              </DropdownGroup>
              <Divider />
              <DropdownGroup label={t("desktop:view.quality")}>
                <DropdownList>
                  {QUALITIES.map((value) => (
                    <DropdownItem key={value} isSelected={preferences.quality === value} onClick={() => (close(), onPreferences({ quality: value }))}>
                      {t(`desktop:view.qualities.${value}`)}
                    </DropdownItem>
                  ))}
                </DropdownList>
              </DropdownGroup>
            </>
          )}
        </BarMenu>

        {fullScreen.possible && (
          <Tooltip content={fullScreen.on ? t("desktop:window") : t("desktop:fullScreen")}>
            <Button
              variant="plain"
              icon={fullScreen.on ? <CompressIcon /> : <ExpandIcon />}
              aria-label={fullScreen.on ? t("desktop:window") : t("desktop:fullScreen")}
              onClick={() => {
                setOpen(false);
                fullScreen.toggle();
                onLeave();
              }}
            />
          </Tooltip>
        )}
        {workspace && canStop(workspace) && (
          <Tooltip content={t("desktop:stopHelp")}>
            <Button variant="secondary" size="sm" icon={<OffIcon />} onClick={onStop} aria-label={t("workspaces:action.stop")}>
              <span className="ngy-bar-text">{t("workspaces:action.stop")}</span>
            </Button>
          </Tooltip>
        )}
      </header>
    </>
  );
});

interface BarMenuProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly disabled?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

function BarMenu({ icon, label, disabled, children }: BarMenuProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      isScrollable
      maxMenuHeight="70vh"
      popperProps={{ position: "right", appendTo: "inline" }}
      toggle={(ref: Ref<MenuToggleElement>) => (
        <MenuToggle ref={ref} variant="plainText" icon={icon} isExpanded={open} isDisabled={disabled} onClick={() => setOpen(!open)} aria-label={label}>
          <span className="ngy-bar-text">{label}</span>
        </MenuToggle>
      )}
    >
      {children(() => setOpen(false))}
    </Dropdown>
  );
}
