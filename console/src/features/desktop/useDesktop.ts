import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { DesktopConnection, type CloseReason, type ConnectionState } from "./connection";
import type { Preferences } from "./preferences";

export interface Desktop {
  readonly state: ConnectionState;
  /** Milliseconds there and back; `undefined` while unknown. */
  readonly latency: number | undefined;
  readonly snapshot: HTMLCanvasElement | undefined;
}

const START: ConnectionState = { phase: "connecting", attempt: 0 };

interface Handlers {
  readonly clipboard: (text: string) => void;
  readonly lost: (why: CloseReason) => void;
}

/** Keeps the named workspace's desktop connected while `wanted`. */
export function useDesktop(
  name: string,
  wanted: boolean,
  preferences: Preferences,
  target: RefObject<HTMLDivElement | null>,
  connection: RefObject<DesktopConnection | undefined>,
  handlers: Handlers,
): Desktop {
  const [state, setState] = useState<ConnectionState>(START);
  const [latency, setLatency] = useState<number>();
  const [snapshot, setSnapshot] = useState<HTMLCanvasElement>();

  // The connection outlives single drawings of the page: what it needs of them it reads here.
  const latest = useRef({ preferences, handlers });
  useLayoutEffect(() => {
    latest.current = { preferences, handlers };
  });

  useEffect(() => {
    const element = target.current;
    if (!wanted || !element) {
      return undefined;
    }
    const url = `${location.origin.replace(/^http/, "ws")}/api/v1alpha1/workspaces/${encodeURIComponent(name)}/desktop`;
    const made = new DesktopConnection(element, url, latest.current.preferences, {
      state: setState,
      latency: setLatency,
      snapshot: setSnapshot,
      clipboard: (text) => latest.current.handlers.clipboard(text),
      lost: (why) => latest.current.handlers.lost(why),
    });
    // oxlint-disable-next-line react/immutability -- a ref is made to be written; it is shared with the clipboard
    connection.current = made;
    return () => {
      // oxlint-disable-next-line react/immutability -- as above
      connection.current = undefined;
      made.close();
      setState(START);
      setLatency(undefined);
      setSnapshot(undefined);
    };
  }, [name, wanted, target, connection]);

  useEffect(() => {
    connection.current?.configure(preferences);
  }, [preferences, connection]);

  return { state, latency, snapshot };
}
