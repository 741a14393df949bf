import { useSyncExternalStore } from "react";

export const RESIZES = ["follow", "fit", "actual"] as const;
export type Resize = (typeof RESIZES)[number];
export const QUALITIES = ["auto", "sharp", "light"] as const;
export type Quality = (typeof QUALITIES)[number];

/** How a person likes desktops; kept for each user of this computer. */
export interface Preferences {
  readonly resize: Resize;
  readonly quality: Quality;
  /** Whether the line for composing with this computer's input method stands below the bar. */
  readonly compose: boolean;
}

const DEFAULTS: Preferences = { resize: "follow", quality: "auto", compose: false };
const held = new Map<string, Preferences>();
const listeners = new Set<() => void>();
const storeKey = (user: string) => `nagaya.desktop.${user}`;

function read(user: string): Preferences {
  const known = held.get(user);
  if (known) {
    return known;
  }
  let stored: Partial<Preferences> = {};
  try {
    stored = JSON.parse(localStorage.getItem(storeKey(user)) ?? "{}") as Partial<Preferences>;
  } catch {
    // What cannot be read counts as not chosen.
  }
  const preferences: Preferences = {
    resize: RESIZES.find((value) => value === stored.resize) ?? DEFAULTS.resize,
    quality: QUALITIES.find((value) => value === stored.quality) ?? DEFAULTS.quality,
    compose: stored.compose === true,
  };
  held.set(user, preferences);
  return preferences;
}

export function usePreferences(user: string): readonly [Preferences, (change: Partial<Preferences>) => void] {
  const preferences = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(user),
  );
  const change = (part: Partial<Preferences>) => {
    const next = { ...read(user), ...part };
    held.set(user, next);
    try {
      localStorage.setItem(storeKey(user), JSON.stringify(next));
    } catch {
      // Holds for this visit.
    }
    for (const listener of listeners) {
      listener();
    }
  };
  return [preferences, change];
}

/** noVNC's levels, 0 to 9, for JPEG quality and for compression. `latency` in milliseconds tells a near desktop from a far one. */
export function levels(quality: Quality, latency: number | undefined): { readonly quality: number; readonly compression: number } {
  switch (quality) {
    case "sharp":
      return { quality: 9, compression: 2 };
    case "light":
      return { quality: 2, compression: 9 };
    case "auto":
      return latency !== undefined && latency > 60 ? { quality: 5, compression: 6 } : { quality: 8, compression: 2 };
  }
}
