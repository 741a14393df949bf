import { Tooltip } from "@patternfly/react-core";
import { useSyncExternalStore } from "react";
import { useT, type Language } from "../app/i18n";

const listeners = new Set<() => void>();
let now = Date.now();
setInterval(() => {
  now = Date.now();
  for (const listener of listeners) {
    listener();
  }
}, 5_000);

/** The present, in milliseconds, moving on every five seconds: one clock for the page. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => now,
  );
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "3 minutes ago", in the reader's language. */
export function relativeTime(from: number, to: number, language: Language): string {
  const seconds = Math.round((from - to) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
  return format.format(Math.trunc(seconds / length), unit);
}

export function absoluteTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "long" }).format(at);
}

/** How long something took or takes, in seconds or minutes. */
export function duration(milliseconds: number, language: Language): string {
  const seconds = Math.max(0, milliseconds / 1000);
  const [value, unit] = seconds < 100 ? [seconds, "second"] : seconds < 6000 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: unit as string,
    unitDisplay: "short",
    maximumFractionDigits: (value as number) < 10 ? 1 : 0,
  }).format(value as number);
}

/** A moment as the time since; the exact one on hover and on focus. */
export function Age({ at }: { readonly at: string | undefined }) {
  const { language } = useT();
  const present = useNow();
  const time = at ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) {
    return <span aria-hidden="true">–</span>;
  }
  return (
    <Tooltip content={absoluteTime(time, language)}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the exact time must be reachable without a mouse */}
      <time dateTime={at} tabIndex={0} className="ngy-age">
        {relativeTime(Math.min(time, present), present, language)}
      </time>
    </Tooltip>
  );
}
