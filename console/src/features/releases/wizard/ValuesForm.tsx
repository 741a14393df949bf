import { Alert, ExpandableSection, Label, SearchInput, Switch } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../../../app/i18n";
import { EmptyPage } from "../../../ui/EmptyPage";
import { ListAltIcon, SearchIcon } from "../../../ui/icons";
import { matches } from "../../../ui/ListToolbar";
import { found, leaves, type FormField } from "../values/fields";
import { RELEASE, sourceOf, valueAt, type Layers } from "../values/layers";
import type { Values } from "../../../api/charts";
import { isWithin, readPath, type Path } from "../values/paths";
import { sealOf, type Draft } from "./draft";
import { ValueField } from "./ValueField";

/** With more fields than this a search opens no sections: drawing them all would be slower than typing. */
const MANY = 120;

export interface Fault {
  readonly path: Path;
  readonly message: string;
}

interface Props {
  readonly fields: readonly FormField[];
  readonly layers: Layers;
  readonly values: Values;
  readonly draft: Draft;
  readonly faults: readonly Fault[];
  /** Whether the chart has no schema, so that the form is only what its defaults let one guess. */
  readonly inferred: boolean;
  /** Whether the text cannot be read just now, so that nothing can be changed here. */
  readonly disabled: boolean;
  readonly onChange: (path: Path, value: unknown) => void;
  readonly onSeal: (path: Path) => void;
  readonly onUnseal: (path: string) => void;
}

/** The chart's values as a form: sections for maps, a search, and only what is set here when asked. */
export function ValuesForm(props: Props) {
  const { fields, layers, draft, faults, inferred, disabled } = props;
  const { t } = useT();
  const [search, setSearch] = useState("");
  const [onlySet, setOnlySet] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const set = (field: FormField) => sourceOf(layers, field.path).layer === RELEASE || sealOf(draft, field.path) !== undefined;
  const narrowed = search.trim() !== "" || onlySet;
  const shown = narrowed
    ? found(fields, (field) => matches(search, field.id, field.title, field.description) && (!onlySet || set(field)))
    : fields;
  const all = narrowed && leaves(shown).length <= MANY;
  const toggle = (id: string) =>
    setOpen((old) => {
      const next = new Set(old);
      if (!next.delete(id)) {
        next.add(id);
      }
      return next;
    });
  if (fields.length === 0) {
    return <EmptyPage title={t("releases:form.noFields")} icon={ListAltIcon} />;
  }
  return (
    <>
      <div className="ngy-actions ngy-gap-bottom">
        <SearchInput
          aria-label={t("releases:form.search")}
          placeholder={t("releases:form.search")}
          value={search}
          onChange={(_, value) => setSearch(value)}
          onClear={() => setSearch("")}
        />
        <Switch id="values-only-set" label={t("releases:form.onlySet")} isChecked={onlySet} onChange={(_, on) => setOnlySet(on)} />
      </div>
      {inferred && <p className="ngy-small ngy-quiet ngy-gap-bottom">{t("releases:form.inferred")}</p>}
      {disabled && <Alert variant="warning" isInline isPlain title={t("releases:form.faultForm")} className="ngy-gap-bottom" />}
      {shown.length === 0 ? (
        <EmptyPage title={t("common:noMatch.title")} icon={SearchIcon}>
          {onlySet && search.trim() === "" ? t("releases:form.none") : t("common:noMatch.body")}
        </EmptyPage>
      ) : (
        <div className="pf-v6-c-form ngy-values-fields">
          <Fields {...props} fields={shown} faults={faults} isOpen={(id) => all || open.has(id)} onToggle={toggle} />
        </div>
      )}
    </>
  );
}

interface FieldsProps extends Props {
  readonly isOpen: (id: string) => boolean;
  readonly onToggle: (id: string) => void;
}

function Fields(props: FieldsProps) {
  const { fields, layers, values, draft, faults, disabled, isOpen, onToggle, onChange, onSeal, onUnseal } = props;
  const { t } = useT();
  return fields.map((field) => {
    if (field.children) {
      const shown = isOpen(field.id);
      const wrong = faults.some(({ path }) => isWithin(path, field.path));
      const set = leaves(field.children).filter(({ path }) => sourceOf(layers, path).layer === RELEASE || sealOf(draft, path)).length;
      return (
        <ExpandableSection
          key={field.id}
          displaySize="default"
          isIndented
          isExpanded={shown}
          onToggle={() => onToggle(field.id)}
          toggleContent={
            <>
              {field.title}{" "}
              {set > 0 && (
                <Label isCompact color="blue">
                  {t("releases:form.set", { count: set })}
                </Label>
              )}{" "}
              {wrong && (
                <Label isCompact status="danger">
                  {t("releases:review.mend")}
                </Label>
              )}
            </>
          }
        >
          {shown && (
            <div className="pf-v6-c-form">
              {field.description && (
                <p className="ngy-small ngy-quiet" lang="en">
                  {field.description}
                </p>
              )}
              <Fields {...props} fields={field.children} />
            </div>
          )}
        </ExpandableSection>
      );
    }
    const seal = sealOf(draft, field.path);
    return (
      <ValueField
        key={field.id}
        field={field}
        value={valueAt(values, field.path)}
        source={sourceOf(layers, field.path)}
        seal={seal}
        fault={faults.find(({ path }) => isWithin(path, field.path))?.message}
        disabled={disabled}
        onChange={(value) => onChange(field.path, value)}
        onSeal={() => onSeal(field.path)}
        onUnseal={() => seal && onUnseal(seal.path)}
      />
    );
  });
}

/** What the schema says against values, by where they are. */
export const faultsOf = (errors: readonly { readonly path: string; readonly message: string }[] | undefined): readonly Fault[] =>
  (errors ?? []).map(({ path, message }) => ({ path: readPath(path), message }));
