import { Title } from "@patternfly/react-core";
import { lazy } from "react";
import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { extrasAsText, objectsAsText } from "./contents";

const CodeEditor = lazy(() => import("../../ui/CodeEditor"));

/** What the bundle holds, as one would write it for kubectl; and what is different on some clusters, or left to others. */
export default function Contents({ bundle }: { readonly bundle: Bundle }) {
  const { t } = useT();
  const { objects, each = "Cluster" } = bundle.spec;
  const kinds = [...Map.groupBy(objects, ({ kind = "?" }) => kind)].map(([kind, of]) => `${kind} × ${of.length}`).toSorted();
  const extras = extrasAsText(bundle.spec);
  return (
    <>
      <p className="ngy-gap-bottom">
        {t(`bundles:field.eachHelp.${each}`)} {kinds.join(", ")}
      </p>
      <CodeEditor label={t("bundles:field.objects")} text={objectsAsText(objects)} />
      {extras !== "" && (
        <>
          <Title headingLevel="h2" size="lg" className="ngy-gap-top ngy-gap-bottom">
            {t("bundles:field.extras")}
          </Title>
          <CodeEditor label={t("bundles:field.extras")} text={extras} />
        </>
      )}
    </>
  );
}
