import { Alert, Title } from "@patternfly/react-core";
import { lazy } from "react";
import { stringify } from "yaml";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { shortCommit } from "../../ui/Origin";
import { Waiting } from "../../ui/Waiting";
import { Faults } from "./Faults";
import { useDifference } from "./queries";

const DiffView = lazy(() => import("../../ui/DiffView"));
const text = (object: unknown) => (object === undefined || object === null ? "" : stringify(object));

/** What a sync would change now, object by object; nothing is changed. */
export function Changes({ name }: { readonly name: string }) {
  const { t } = useT();
  const difference = useDifference(name);
  if (difference.error) {
    return <ObjectError error={difference.error} onRetry={() => void difference.refetch()} />;
  }
  if (!difference.data) {
    return <Waiting />;
  }
  const { commit, changes, errors } = difference.data;
  const short = shortCommit(commit);
  if (errors.length > 0) {
    return <Faults title={t("sources:difference.failed")} faults={errors} />;
  }
  if (changes.length === 0) {
    return <Alert variant="success" isInline title={t("sources:difference.none", { commit: short })} />;
  }
  return (
    <>
      <p className="ngy-gap-bottom">{t("sources:difference.commit", { commit: short })}</p>
      {changes.map(({ kind, name: object, change, before, after }) => (
        <section key={`${kind}/${object}`} className="ngy-gap-bottom">
          <Title headingLevel="h2" size="md">
            {kind}/{object}: {t(`sources:change.${change}`)}
          </Title>
          <DiffView label={`${kind}/${object}`} before={text(before)} after={text(after)} />
        </section>
      ))}
    </>
  );
}
