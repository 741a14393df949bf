import { useT } from "../../app/i18n";

/** How long a value may be where it is only named. */
const LONG = 120;

/** A value in a line, as YAML would have it on one. */
export function ValueText({ value }: { readonly value: unknown }) {
  const { t } = useT();
  if (value === undefined) {
    return <span className="ngy-quiet">{t("releases:form.absent")}</span>;
  }
  return <code className="ngy-value">{valueText(value)}</code>;
}

export function valueText(value: unknown): string {
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}
