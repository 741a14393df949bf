import { Alert, List, ListItem } from "@patternfly/react-core";
import type { SourceFault } from "../../api/types";

/** Why a commit is not applied: file and line, object, field, and how to mend each. */
export function Faults({ title, faults }: { readonly title: string; readonly faults: readonly SourceFault[] }) {
  if (faults.length === 0) {
    return null;
  }
  return (
    <Alert variant="danger" isInline title={title} className="ngy-gap-bottom">
      <List>
        {faults.map(({ file, line, object, field, message, mend }) => (
          <ListItem key={`${file}${line}${object}${field}${message}`}>
            {file && <code>{line ? `${file}:${line}` : file}</code>} {object} {field && <code>{field}</code>} <span lang="en">{message}</span>
            {mend && <span lang="en"> — {mend}</span>}
          </ListItem>
        ))}
      </List>
    </Alert>
  );
}
