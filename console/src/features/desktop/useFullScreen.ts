import { useEffect, useState } from "react";

interface Keyboard {
  lock(keys?: readonly string[]): Promise<void>;
  unlock(): void;
}
const keyboard = () => (navigator as Navigator & { keyboard?: Keyboard }).keyboard;

/** Full screen of the whole page (menus open in it too). Where the browser can, Esc, Ctrl+W and the like then reach the desktop. */
export function useFullScreen(): { readonly on: boolean; readonly possible: boolean; readonly toggle: () => void } {
  const [on, setOn] = useState(() => document.fullscreenElement !== null);
  useEffect(() => {
    const update = () => {
      const now = document.fullscreenElement !== null;
      setOn(now);
      if (now) {
        void keyboard()
          ?.lock()
          .catch(() => undefined);
      } else {
        keyboard()?.unlock();
      }
    };
    document.addEventListener("fullscreenchange", update);
    return () => {
      document.removeEventListener("fullscreenchange", update);
      if (document.fullscreenElement) {
        void document.exitFullscreen();
      }
    };
  }, []);
  const toggle = () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    void change.catch(() => undefined);
  };
  return { on, possible: document.fullscreenEnabled, toggle };
}
