import type { Language } from "../app/i18n";

const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const DECIMAL = ["", "k", "M", "G", "T", "P", "E"] as const;

/** A Kubernetes quantity (`500m`, `3Gi`) as a number; `undefined` for what is none. */
export function quantity(text: string): number | undefined {
  const found = /^(\d+(?:\.\d*)?|\.\d+)(m|k|[KMGTPE]i?)?$/.exec(text.trim());
  if (!found) {
    return undefined;
  }
  const [, number, suffix = ""] = found;
  const value = Number(number);
  if (suffix === "m") {
    return value / 1000;
  }
  const binary = BINARY.indexOf(suffix as (typeof BINARY)[number]);
  return binary >= 0 ? value * 1024 ** binary : value * 1000 ** DECIMAL.indexOf(suffix as (typeof DECIMAL)[number]);
}

/** An amount of memory or disk as people write it: `5 GiB`. What is no quantity is shown as it is. */
export function bytes(text: string, language: Language): string {
  const value = quantity(text);
  if (value === undefined) {
    return text;
  }
  const power = value > 0 ? Math.min(BINARY.length - 1, Math.floor(Math.log2(value) / 10)) : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value / 1024 ** power);
  return `${number} ${BINARY[power]}B`;
}

/** An amount of CPU: `0.5`. */
export function cpus(text: string, language: Language): string {
  const value = quantity(text);
  return value === undefined ? text : new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
}
