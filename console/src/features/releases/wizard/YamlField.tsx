import { Button } from "@patternfly/react-core";
import { lazy, Suspense, useState } from "react";
import { parseDocument, stringify } from "yaml";
import { useT } from "../../../app/i18n";
import { PenIcon } from "../../../ui/icons";
import { READ } from "../values/document";
import { ValueText } from "../ValueText";

const CodeEditor = lazy(() => import("../../../ui/CodeEditor"));

interface Props {
  readonly id: string;
  readonly label: string;
  readonly value: unknown;
  readonly disabled: boolean;
  readonly onChange: (value: unknown) => void;
  readonly onFault: (fault: string | undefined) => void;
}

/** A list, a map, or what may be anything, typed as YAML: shown in a line, and opened to be changed. */
export function YamlField({ id, label, value, disabled, onChange, onFault }: Props) {
  const { t } = useT();
  // What was there when it was opened: the editor's own text goes on from it.
  const [opened, setOpened] = useState<string>();
  if (opened === undefined) {
    return (
      <span className="ngy-actions">
        <ValueText value={value} />
        <Button
          id={id}
          variant="link"
          isInline
          size="sm"
          icon={<PenIcon />}
          isDisabled={disabled}
          aria-label={t("releases:form.editField", { field: label })}
          onClick={() => setOpened(value === undefined ? "" : stringify(value, { lineWidth: 0 }))}
        >
          {t("releases:form.edit")}
        </Button>
      </span>
    );
  }
  return (
    <>
      <Suspense fallback={t("common:loading")}>
        <CodeEditor
          label={t("releases:form.editField", { field: label })}
          text={opened}
          onChange={(text) => {
            const document = parseDocument(text, READ);
            const [error] = document.errors;
            onFault(error && t("releases:form.badYaml", { message: error.message.split("\n")[0] }));
            if (!error) {
              onChange(text.trim() === "" ? undefined : (document.toJS({ maxAliasCount: 1000 }) as unknown));
            }
          }}
        />
      </Suspense>
      <Button
        variant="link"
        isInline
        size="sm"
        onClick={() => {
          onFault(undefined);
          setOpened(undefined);
        }}
      >
        {t("common:close")}
      </Button>
    </>
  );
}
