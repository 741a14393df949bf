import { Title, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { lazy } from "react";
import { stringify } from "yaml";
import type { HiddenValue, ValueLayer } from "../../api/charts";
import type { Release } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { ListAltIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { OnCluster } from "./OnCluster";
import { useReleaseValues } from "./queries";
import { ValueText, valueText } from "./ValueText";
import { LayerLabel, layerText } from "./wizard/LayerLabel";

const CodeEditor = lazy(() => import("../../ui/CodeEditor"));

/** What a release sets, or all values that hold, and which layer each comes from. */
export default function Values({ release }: { readonly release: Release }) {
  return <OnCluster release={release} of={({ cluster }) => <ValuesOn release={release} cluster={cluster} />} />;
}

function ValuesOn({ release, cluster }: { readonly release: Release; readonly cluster: string | undefined }) {
  const { t } = useT();
  const [which, setWhich] = useUrlState("values", "own");
  const all = which === "all";
  const values = useReleaseValues(release, cluster, all);
  return (
    <>
      <ToggleGroup aria-label={t("releases:values.which")} className="ngy-gap-bottom">
        {(["own", "all"] as const).map((key) => (
          <ToggleGroupItem key={key} buttonId={`values-${key}`} text={t(`releases:values.${key}`)} isSelected={which === key} onChange={() => setWhich(key)} />
        ))}
      </ToggleGroup>
      {values.error && <ObjectError error={values.error} title={t("releases:values.failed")} onRetry={() => void values.refetch()} />}
      {values.isPending && <Waiting />}
      {values.data &&
        (Object.keys(values.data.values).length === 0 ? (
          <EmptyPage title={t("releases:values.none.title")} icon={ListAltIcon}>
            {t("releases:values.none.body")}
          </EmptyPage>
        ) : (
          <>
            <CodeEditor label={t("releases:tab.values")} text={stringify(values.data.values, { lineWidth: 0 })} />
            {values.data.layers.length > 0 && <Layers layers={values.data.layers} />}
          </>
        ))}
    </>
  );
}

function Layers({ layers }: { readonly layers: readonly ValueLayer[] }) {
  const { t } = useT();
  const hidden = ({ layer, value }: HiddenValue) => t("releases:form.hides", { layer: layerText(t, layer), value: value === null ? t("releases:form.removed") : valueText(value) });
  return (
    <section className="ngy-gap-top">
      <Title headingLevel="h2" size="lg">
        {t("releases:values.layers")}
      </Title>
      <ResourceTable<ValueLayer>
        label={t("releases:values.layers")}
        name="layers"
        rows={layers}
        rowKey={(row) => row.path}
        columns={[
          { key: "path", title: t("releases:defaults.path"), sort: (row) => row.path, loose: true, cell: (row) => <code>{row.path}</code> },
          { key: "layer", title: t("releases:values.layer"), sort: (row) => row.layer, cell: (row) => <LayerLabel layer={row.layer} /> },
          {
            key: "value",
            title: t("releases:values.value"),
            width: 40,
            loose: true,
            cell: (row) => (
              <>
                <ValueText value={row.value} />
                {row.hides.map((one) => (
                  <span key={one.layer} className="ngy-line ngy-small ngy-quiet">
                    {hidden(one)}
                  </span>
                ))}
              </>
            ),
          },
        ]}
        empty={null}
      />
    </section>
  );
}
