import { useSyncExternalStore } from "react";

let text = "";
const listeners = new Set<() => void>();

/** Says something to those who cannot see it happen; the console's one polite live region. */
export function announce(message: string): void {
  text = message;
  for (const listener of listeners) {
    listener();
  }
}

export function LiveRegion() {
  const message = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => text,
  );
  return (
    <div className="pf-v6-screen-reader" role="status" aria-live="polite">
      {message}
    </div>
  );
}
