import { Alert, AlertActionLink, List, ListItem } from "@patternfly/react-core";
import { reasonText, useT } from "../app/i18n";
import type { ApiError } from "../api/errors";

interface Props {
  readonly error: ApiError;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What could not be done, on which object, which fields are at fault, and how to mend each. */
export function ObjectError({ error, title, onRetry }: Props) {
  const { t, i18n } = useT();
  const reason = reasonText(i18n, error.reason, undefined);
  return (
    <Alert
      variant="danger"
      isInline
      title={title ?? reason}
      role="alert"
      actionLinks={onRetry && <AlertActionLink onClick={onRetry}>{t("common:retry")}</AlertActionLink>}
    >
      {title && reason && reason !== error.reason && <p>{reason}</p>}
      {error.code !== 0 && <p lang="en">{error.message}</p>}
      {error.causes.length > 0 && (
        <List>
          {error.causes.map((cause) => (
            <ListItem key={`${cause.field}${cause.message}`}>
              {cause.field && <code>{cause.field}</code>} <span lang="en">{cause.message}</span>
              {cause.mend && <> — <span lang="en">{cause.mend}</span></>}
            </ListItem>
          ))}
        </List>
      )}
    </Alert>
  );
}
