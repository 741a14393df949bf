import { Alert, List, ListItem, Spinner } from "@patternfly/react-core";
import { useT } from "../../../app/i18n";
import { ObjectError } from "../../../ui/ObjectError";
import type { PreviewState } from "../queries";

/** Whether the chart can be rendered with the values, and if not, why: file and line, value, mend. */
export function PreviewStatus({ state: { preview, error, checking, retry } }: { readonly state: PreviewState }) {
  const { t } = useT();
  return (
    <div className="ngy-preview-status" role="status" aria-busy={checking || undefined}>
      {checking && (
        <span className="ngy-actions ngy-quiet">
          <Spinner size="md" aria-hidden="true" /> {t("releases:preview.checking")}
        </span>
      )}
      {error && <ObjectError error={error} title={t("releases:preview.failed")} onRetry={retry} />}
      {!error && preview?.error && (
        <Alert variant="danger" isInline title={t("releases:preview.renderError")}>
          {preview.error.file && (
            <p>
              <code>{preview.error.line ? `${preview.error.file}:${preview.error.line}` : preview.error.file}</code> {preview.error.path && <code>{preview.error.path}</code>}
            </p>
          )}
          <p lang="en">{preview.error.message}</p>
          {preview.error.mend && <p lang="en">{preview.error.mend}</p>}
        </Alert>
      )}
      {!error && preview && preview.schema.length > 0 && (
        <Alert variant="danger" isInline title={t("releases:preview.schemaError", { count: preview.schema.length })}>
          <List>
            {preview.schema.map(({ path, message }) => (
              <ListItem key={`${path}${message}`}>
                <code>{path}</code> <span lang="en">{message}</span>
              </ListItem>
            ))}
          </List>
        </Alert>
      )}
      {!error && preview && !preview.error && preview.schema.length === 0 && (
        <Alert
          variant="success"
          isInline
          isPlain
          title={t("releases:preview.fine", { objects: t("releases:preview.objects", { count: preview.documents.length }) })}
        />
      )}
      {!error &&
        preview?.warnings?.map((warning) => <Alert key={warning} variant="warning" isInline isPlain title={<span lang="en">{warning}</span>} />)}
    </div>
  );
}
