import { Alert, Button } from "@patternfly/react-core";
import { useEffect, useMemo, useRef, useState } from "react";
import { parse, stringify } from "yaml";
import { useT } from "../app/i18n";
import type { AnyObject } from "../api/types";
import { createEditor, type Editor } from "./yamlEditor";

interface Props {
  readonly object: AnyObject;
  /** Makes it editable: gets what was read back. */
  readonly onSave?: (object: AnyObject) => void;
  readonly busy?: boolean;
}

/** An object as YAML; to be read, or also changed. */
export default function YamlView({ object, onSave, busy }: Props) {
  const { t } = useT();
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const [fault, setFault] = useState<string>();
  const [changed, setChanged] = useState(false);
  const text = useMemo(() => {
    // Who set which field is for machines; the status is not for writing.
    const { managedFields: _, ...metadata } = object.metadata;
    const shown: object = { ...object, metadata };
    if (onSave) {
      delete (shown as { status?: unknown }).status;
    }
    return stringify(shown, { lineWidth: 120 });
  }, [object, onSave]);
  const editable = onSave !== undefined;
  const label = t("common:yaml");

  useEffect(() => {
    if (!holder.current) {
      return undefined;
    }
    const made = createEditor(holder.current, { editable, label, onChange: setChanged });
    editor.current = made;
    return () => made.destroy();
  }, [editable, label]);
  useEffect(() => {
    if (!editor.current?.changed()) {
      editor.current?.set(text);
    }
  }, [text, editable, label]);

  return (
    <>
      {fault && (
        <Alert variant="danger" isInline title={t("templates:yaml.fault")} className="ngy-gap-bottom">
          <code lang="en">{fault}</code>
        </Alert>
      )}
      <div ref={holder} className="ngy-editor" />
      {onSave && (
        <div className="ngy-actions ngy-gap-top">
          <Button
            isDisabled={!changed || busy}
            isLoading={busy}
            onClick={() => {
              try {
                onSave(parse(editor.current?.text() ?? "") as AnyObject);
                setFault(undefined);
              } catch (cause) {
                setFault(cause instanceof Error ? cause.message : String(cause));
              }
            }}
          >
            {t("common:save")}
          </Button>
          <Button variant="link" isDisabled={!changed} onClick={() => editor.current?.set(text)}>
            {t("templates:yaml.reset")}
          </Button>
        </div>
      )}
    </>
  );
}
