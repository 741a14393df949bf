import { Button } from "@patternfly/react-core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { reportSessionOver } from "../../api/client";
import { objectKey } from "../../api/live";
import { useObject } from "../../api/resources";
import { announce } from "../../app/announce";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { mayLookInto, phaseOf } from "../workspaces/logic";
import { useStart, useStop } from "../workspaces/queries";
import { Bar } from "./Bar";
import type { DesktopConnection } from "./connection";
import { ComposeLine } from "./ComposeLine";
import { KEYS, press, type Key } from "./keys";
import { Overlay } from "./Overlay";
import { usePreferences } from "./preferences";
import { useClipboard } from "./useClipboard";
import { useDesktop } from "./useDesktop";
import { useFullScreen } from "./useFullScreen";

/** The page of one desktop: a bar, and the picture in all the space there is. */
export default function DesktopPage() {
  const { name = "" } = useParams();
  const { t } = useT();
  const me = useMe();
  const cache = useQueryClient();
  const workspace = useObject("workspaces", name);
  const start = useStart();
  const stop = useStop();
  const [preferences, setPreferences] = usePreferences(me.name);
  const target = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLElement>(null);
  const connection = useRef<DesktopConnection>(undefined);
  const clipboard = useClipboard(connection, target);
  const screen = useFullScreen();
  const [composing, setComposing] = useState(false);

  const phase = workspace.data && (!workspace.error || workspace.error.transient) ? phaseOf(workspace.data) : undefined;
  // The server refuses it to others as well, but cannot say so to a WebSocket that was never opened.
  const mine = workspace.data !== undefined && mayLookInto(me, workspace.data);
  const desktop = useDesktop(name, phase === "Running" && mine, preferences, target, connection, {
    clipboard: clipboard.receive,
    lost: (why) => {
      if (why === "SessionOver") {
        reportSessionOver();
      }
      // Stopped, deleted, or no longer ours: the object says.
      void cache.invalidateQueries({ queryKey: objectKey("workspaces", name) });
    },
  });
  const connected = phase === "Running" && desktop.state.phase === "connected";

  useEffect(() => {
    document.title = `${name} · Nagaya`;
  }, [name]);
  useEffect(() => {
    if (connected) {
      announce(t("desktop:connected", { name }));
      connection.current?.focus();
    }
  }, [connected, name, t]);

  const focusBar = useCallback(() => {
    // Keys held for the shortcut would stay pressed in the desktop: noVNC lets all go when the window loses the focus.
    window.dispatchEvent(new Event("blur"));
    bar.current?.classList.add("ngy-bar-open");
    bar.current?.querySelector<HTMLElement>("a, button")?.focus();
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.code === "KeyM" && event.ctrlKey && event.altKey && event.shiftKey) {
        event.preventDefault();
        event.stopImmediatePropagation();
        focusBar();
      } else if (event.isComposing || event.key === "Process") {
        // This computer's own input method is on, and would eat what is typed: offer a line to compose in.
        setComposing(true);
      }
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [focusBar]);

  const send = (keys: readonly Key[]) => {
    press(keys, (keysym, code, down) => connection.current?.send(keysym, code, down));
    connection.current?.focus();
  };

  return (
    <div className={screen.on ? "ngy-desktop ngy-desktop-full" : "ngy-desktop"}>
      <Bar
        ref={bar}
        name={name}
        workspace={workspace.data}
        connected={connected}
        state={desktop.state}
        latency={desktop.latency}
        clipboard={clipboard}
        preferences={preferences}
        onPreferences={setPreferences}
        fullScreen={screen}
        onKeys={send}
        onStop={() => stop.mutate(name)}
        onLeave={() => connection.current?.focus()}
      />
      {composing && !preferences.compose && connected && (
        <div className="ngy-hint" role="status">
          {t("desktop:compose.offer")}{" "}
          <Button variant="link" isInline onClick={() => setPreferences({ compose: true })}>
            {t("desktop:compose.use")}
          </Button>{" "}
          <Button variant="link" isInline onClick={() => setComposing(false)}>
            {t("common:close")}
          </Button>
        </div>
      )}
      {preferences.compose && connected && (
        <ComposeLine
          send={(keysym, code, down) => connection.current?.send(keysym, code, down)}
          onEnter={() => send([KEYS.Enter])}
          onLeave={() => connection.current?.focus()}
        />
      )}
      <main className="ngy-picture" aria-label={t("desktop:picture", { name })}>
        <div ref={target} className="ngy-screen" />
        <Overlay
          workspace={workspace.data}
          error={workspace.error}
          phase={phase}
          state={workspace.data && !mine ? { phase: "refused" } : desktop.state}
          snapshot={desktop.snapshot}
          name={name}
          onStart={() => start.mutate(name)}
          onStop={() => stop.mutate(name)}
          onRetry={() => connection.current?.retry()}
          onReload={() => void workspace.refetch()}
        />
      </main>
    </div>
  );
}
