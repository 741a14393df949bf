import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  try {
    const value = localStorage.getItem("nagaya.theme");
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function apply(): void {
  const theme = stored();
  const dark = theme === "dark" || (theme === "system" && system.matches);
  document.documentElement.classList.toggle("pf-v6-theme-dark", dark);
  for (const listener of listeners) {
    listener();
  }
}

system.addEventListener("change", apply);

export function setTheme(theme: Theme): void {
  try {
    if (theme === "system") {
      localStorage.removeItem("nagaya.theme");
    } else {
      localStorage.setItem("nagaya.theme", theme);
    }
  } catch {
    document.documentElement.classList.toggle("pf-v6-theme-dark", theme === "dark");
  }
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, stored);
}
