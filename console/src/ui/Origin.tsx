import { Alert } from "@patternfly/react-core";
import { Link } from "react-router";
import type { Metadata } from "../api/types";
import { useT } from "../app/i18n";
import { useMe } from "../app/session";

/** The beginning of a commit's id, by which people know it. */
export const shortCommit = (commit: string) => commit.slice(0, 12);

/** Says of an object that a Source keeps in sync where it comes from; nothing of others. */
export function Origin({ metadata }: { readonly metadata: Metadata }) {
  const { t } = useT();
  const me = useMe();
  const source = metadata.annotations?.["nagaya.dev/source"];
  if (!source) {
    return null;
  }
  const title = t("sources:origin.title", { source, commit: shortCommit(metadata.annotations?.["nagaya.dev/commit"] ?? "") });
  return (
    <Alert variant="info" isInline title={title} className="ngy-gap-bottom">
      {t("sources:origin.body")} {me.admin && <Link to={`/sources/${source}`}>{t("sources:origin.show")}</Link>}
    </Alert>
  );
}
