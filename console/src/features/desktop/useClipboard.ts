import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import type { DesktopConnection } from "./connection";
import { KEYS } from "./keys";

export interface Clipboard {
  /** What was last copied in the desktop. */
  readonly text: string;
  /** Whether this computer's clipboard is read and written without asking: only where the browser can and the person agreed. */
  readonly shared: boolean;
  /** Asks the browser for that; must come from a click. */
  readonly share: () => Promise<void>;
  /** Whether the browser can be asked at all. */
  readonly canShare: boolean;
  readonly receive: (text: string) => void;
  /** Puts a text into the desktop's clipboard. */
  readonly put: (text: string) => void;
}

const readable = () => typeof navigator.clipboard?.readText === "function";

/**
 * One clipboard for this computer and the desktop. Where the browser permits, it is read when the page gets the focus and written when
 * something is copied in the desktop. Elsewhere Ctrl+V pastes through the browser's own paste event, and the panel shows what was copied.
 */
export function useClipboard(connection: RefObject<DesktopConnection | undefined>, target: RefObject<HTMLDivElement | null>): Clipboard {
  const [text, setText] = useState("");
  const [shared, setShared] = useState(false);
  /** What both sides are known to hold, so that nothing is sent back to where it came from. */
  const known = useRef("");

  useEffect(() => {
    let status: PermissionStatus | undefined;
    const update = () => setShared(status?.state === "granted");
    // Firefox and Safari know no such permission and refuse the question.
    navigator.permissions?.query({ name: "clipboard-read" as PermissionName }).then(
      (answer) => {
        status = answer;
        status.addEventListener("change", update);
        update();
      },
      () => undefined,
    );
    return () => status?.removeEventListener("change", update);
  }, []);

  const put = useCallback(
    (value: string) => {
      if (value !== "" && value !== known.current) {
        known.current = value;
        connection.current?.paste(value);
      }
    },
    [connection],
  );

  const read = useCallback(async () => {
    if (document.hasFocus()) {
      // Refused when the focus has gone again: the next focus reads.
      await navigator.clipboard.readText().then(put, () => undefined);
    }
  }, [put]);

  useEffect(() => {
    if (!shared) {
      return undefined;
    }
    const onFocus = () => void read();
    window.addEventListener("focus", onFocus);
    void read();
    return () => window.removeEventListener("focus", onFocus);
  }, [shared, read]);

  useEffect(() => {
    const inside = (event: Event) => event.target instanceof Node && target.current?.contains(event.target) === true;
    const onKey = (event: KeyboardEvent) => {
      if (!shared && inside(event) && event.code === "KeyV" && event.ctrlKey && !event.altKey && !event.shiftKey && !event.metaKey) {
        // noVNC would keep the browser from pasting: the key is sent on once the text is there.
        event.stopImmediatePropagation();
      }
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!inside(event) && document.activeElement !== target.current?.querySelector("canvas")) {
        return;
      }
      put(event.clipboardData?.getData("text/plain") ?? "");
      const { send } = connection.current ?? {};
      send?.(KEYS.V.keysym, KEYS.V.code, true);
      send?.(KEYS.V.keysym, KEYS.V.code, false);
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey, { capture: true });
      document.removeEventListener("paste", onPaste);
    };
  }, [shared, put, connection, target]);

  const receive = useCallback((value: string) => {
    known.current = value;
    setText(value);
    // Refused without a recent click in Firefox and Safari: the panel then offers it.
    void navigator.clipboard?.writeText?.(value).catch(() => undefined);
  }, []);

  const share = useCallback(async () => {
    const value = await navigator.clipboard.readText();
    put(value);
  }, [put]);

  return { text, shared, share, canShare: readable(), receive, put };
}
