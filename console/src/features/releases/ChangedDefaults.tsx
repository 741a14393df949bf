import { ExpandableSection } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { FactTable } from "../../ui/FactTable";
import type { ChangedDefault } from "./values/layers";
import { ValueText } from "./ValueText";

interface Props {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly ChangedDefault[];
  readonly open?: boolean;
}

/** Which defaults of a chart are others in another version of it. */
export function ChangedDefaults({ from, to, changes, open = false }: Props) {
  const { t } = useT();
  const [shown, setShown] = useState(open);
  if (changes.length === 0) {
    return <p className="ngy-quiet">{t("releases:defaults.none", { from, to })}</p>;
  }
  const overridden = changes.some((change) => change.overridden);
  return (
    <ExpandableSection
      toggleText={t("releases:defaults.title", { count: changes.length, from, to })}
      isExpanded={shown}
      onToggle={(_, next) => setShown(next)}
    >
      {overridden && <p>{t("releases:defaults.kept")}</p>}
      <FactTable
        label={t("releases:defaults.title", { count: changes.length, from, to })}
        rows={changes}
        rowKey={(row) => row.path}
        columns={[
          {
            key: "path",
            title: t("releases:defaults.path"),
            loose: true,
            cell: (row) => (
              <>
                <code>{row.path}</code>
                {row.overridden && <span className="ngy-quiet ngy-line ngy-small">{t("releases:defaults.overridden")}</span>}
              </>
            ),
          },
          { key: "before", title: t("releases:defaults.before"), loose: true, cell: (row) => <ValueText value={row.before} /> },
          { key: "after", title: t("releases:defaults.after"), loose: true, cell: (row) => <ValueText value={row.after} /> },
        ]}
      />
    </ExpandableSection>
  );
}
