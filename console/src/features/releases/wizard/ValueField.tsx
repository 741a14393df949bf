import { Button, FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem, Switch, TextArea, TextInput } from "@patternfly/react-core";
import { useState, type ReactNode } from "react";
import { useT, type T } from "../../../app/i18n";
import { KeyIcon, LockIcon, UndoIcon } from "../../../ui/icons";
import { RELEASE, same, type Source } from "../values/layers";
import type { FormField } from "../values/fields";
import { valueText } from "../ValueText";
import type { Sealed } from "./draft";
import { LayerLabel, layerText } from "./LayerLabel";
import { YamlField } from "./YamlField";

interface Props {
  readonly field: FormField;
  readonly value: unknown;
  readonly source: Source;
  readonly seal?: Sealed;
  /** What the chart's schema says against the value. */
  readonly fault?: string;
  readonly disabled: boolean;
  /** Takes a new value; undefined sets it back to what the layers below say. */
  readonly onChange: (value: unknown) => void;
  readonly onSeal: () => void;
  readonly onUnseal: () => void;
}

/** One value: what it is, which layer it comes from, what that hides, and the way back. */
export function ValueField({ field, value, source, seal, fault, disabled, onChange, onSeal, onUnseal }: Props) {
  const { t } = useT();
  const [own, setOwn] = useState<string>();
  const id = `value-${field.id}`;
  const wrong = own ?? fault;
  const set = source.layer === RELEASE;
  const control = { id, field, value, disabled, wrong: wrong !== undefined, describedBy: `${id}-help`, onChange, onFault: setOwn };
  return (
    <FormGroup
      label={field.title}
      fieldId={id}
      isRequired={field.required}
      labelInfo={
        <span className="ngy-actions">
          {seal ? (
            <LockIcon />
          ) : (
            source.layer !== undefined && <LayerLabel layer={source.layer} />
          )}
          {set && !seal && (
            <Button
              variant="link"
              isInline
              size="sm"
              icon={<UndoIcon />}
              isDisabled={disabled}
              aria-label={t("releases:form.resetField", { field: field.id })}
              onClick={() => {
                setOwn(undefined);
                onChange(undefined);
              }}
            >
              {t("releases:form.reset")}
            </Button>
          )}
        </span>
      }
    >
      {seal ? <SealedValue field={field} seal={seal} onSeal={onSeal} onUnseal={onUnseal} /> : <Control {...control} />}
      <FormHelperText>
        <HelperText id={`${id}-help`}>
          {wrong !== undefined && <HelperTextItem variant="error">{own ?? <span lang="en">{fault}</span>}</HelperTextItem>}
          {field.description && (
            <HelperTextItem>
              <span lang="en">{field.description}</span>
            </HelperTextItem>
          )}
          {set && !seal && source.hides.length > 0 && (
            <HelperTextItem>
              {source.hides.map((hidden) => (
                <span key={hidden.layer} className="ngy-line">
                  {t("releases:form.hides", { layer: layerText(t, hidden.layer), value: hiddenText(t, hidden.value) })}
                </span>
              ))}
            </HelperTextItem>
          )}
          {field.secret && !seal && (
            <HelperTextItem variant={set ? "warning" : "default"}>
              {set && <>{t("releases:form.secretPlain")} </>}
              <Button
                variant="link"
                isInline
                size="sm"
                icon={<KeyIcon />}
                isDisabled={disabled}
                aria-label={t("releases:form.sealField", { field: field.id })}
                onClick={onSeal}
              >
                {t("releases:form.seal")}
              </Button>
            </HelperTextItem>
          )}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}

const hiddenText = (t: T, value: unknown) => (value === undefined ? t("releases:form.absent") : value === null ? t("releases:form.removed") : valueText(value));

function SealedValue({ field, seal, onSeal, onUnseal }: { readonly field: FormField; readonly seal: Sealed } & Pick<Props, "onSeal" | "onUnseal">) {
  const { t } = useT();
  return (
    <span className="ngy-actions">
      <span>
        {t("releases:form.sealed", { secret: seal.secret })}
        {seal.value !== undefined && <span className="ngy-quiet"> ({t("releases:form.toBeStored")})</span>}
      </span>
      <Button variant="link" isInline size="sm" onClick={onSeal}>
        {t("releases:form.sealAgain")}
      </Button>
      <Button variant="link" isInline size="sm" aria-label={t("releases:form.unsealField", { field: field.id })} onClick={onUnseal}>
        {t("releases:form.unseal")}
      </Button>
    </span>
  );
}

interface ControlProps {
  readonly id: string;
  readonly field: FormField;
  readonly value: unknown;
  readonly disabled: boolean;
  readonly wrong: boolean;
  readonly describedBy: string;
  readonly onChange: (value: unknown) => void;
  readonly onFault: (fault: string | undefined) => void;
}

function Control({ id, field, value, disabled, wrong, describedBy, onChange, onFault }: ControlProps): ReactNode {
  const state = { id, "aria-describedby": describedBy, validated: wrong ? ("error" as const) : ("default" as const) };
  // A value of another kind than the field's is typed as YAML: a form would break it.
  const kind = fits(field, value) ? field.type : "any";
  switch (kind) {
    case "boolean":
      return (
        <Switch
          id={id}
          aria-label={field.id}
          aria-describedby={describedBy}
          isDisabled={disabled}
          isChecked={value === true}
          onChange={(_, next) => onChange(next)}
        />
      );
    case "enum": {
      const at = (field.options ?? []).findIndex((option) => same(option, value));
      return (
        <FormSelect {...state} isDisabled={disabled} value={String(at)} onChange={(_, next) => onChange(field.options?.[Number(next)])}>
          {at < 0 && <FormSelectOption value="-1" label={value === undefined || value === null ? "–" : valueText(value)} />}
          {field.options?.map((option, index) => <FormSelectOption key={valueText(option)} value={String(index)} label={valueText(option)} />)}
        </FormSelect>
      );
    }
    case "integer":
    case "number":
      return <NumberInput {...{ state, field, value, disabled, onChange, onFault }} />;
    case "string": {
      const text = typeof value === "string" ? value : "";
      const type = (next: string) => onChange(next === "" && (value === undefined || value === null) ? undefined : next);
      return text.includes("\n") ? (
        <TextArea {...state} disabled={disabled} autoResize resizeOrientation="vertical" spellCheck={false} value={text} onChange={(_, next) => type(next)} />
      ) : (
        <TextInput
          {...state}
          isDisabled={disabled}
          type={field.secret ? "password" : "text"}
          autoComplete={field.secret ? "new-password" : "off"}
          spellCheck={false}
          autoCapitalize="none"
          value={text}
          onChange={(_, next) => type(next)}
        />
      );
    }
    default:
      return <YamlField id={id} label={field.id} value={value} disabled={disabled} onChange={onChange} onFault={onFault} />;
  }
}

/** Whether a value is of the kind that the field's control shows; none is of every kind. */
function fits({ type }: FormField, value: unknown): boolean {
  if (value === undefined || value === null) {
    return type !== "array" && type !== "object";
  }
  switch (type) {
    case "boolean":
    case "string":
      return typeof value === type;
    case "integer":
    case "number":
      return typeof value === "number";
    default:
      return type === "enum";
  }
}

interface NumberProps extends Pick<ControlProps, "field" | "value" | "disabled" | "onChange" | "onFault"> {
  readonly state: { readonly id: string; readonly "aria-describedby": string; readonly validated: "error" | "default" };
}

/** A number while it is typed may be none yet: what is typed stays until it is one. */
function NumberInput({ state, field, value, disabled, onChange, onFault }: NumberProps) {
  const { t } = useT();
  const [typed, setTyped] = useState<string>();
  // What is no number yet, or another way to write the one that holds ("1."); what was set elsewhere since is shown instead.
  const kept = typed !== undefined && (typed.trim() === "" || numberFault(t, field, typed) !== undefined || Number(typed) === value);
  const shown = kept ? typed : typeof value === "number" ? String(value) : "";
  return (
    <TextInput
      {...state}
      inputMode={field.type === "integer" ? "numeric" : "decimal"}
      isDisabled={disabled}
      autoComplete="off"
      value={shown}
      onBlur={() => {
        if (typed !== undefined && numberFault(t, field, typed) === undefined) {
          setTyped(undefined);
        }
      }}
      onChange={(_, next) => {
        setTyped(next);
        if (next.trim() === "") {
          onFault(undefined);
          onChange(undefined);
          return;
        }
        const fault = numberFault(t, field, next);
        onFault(fault);
        if (fault === undefined) {
          onChange(Number(next));
        }
      }}
    />
  );
}

function numberFault(t: T, { type, minimum, maximum }: FormField, text: string): string | undefined {
  const number = Number(text);
  if (text.trim() === "") {
    return undefined;
  }
  if (Number.isNaN(number) || !/^[-+]?(\d|\.\d)/.test(text.trim())) {
    return t("releases:form.badNumber");
  }
  if (type === "integer" && !Number.isInteger(number)) {
    return t("releases:form.badInteger");
  }
  if (minimum !== undefined && number < minimum) {
    return t("releases:form.tooSmall", { limit: minimum });
  }
  return maximum !== undefined && number > maximum ? t("releases:form.tooLarge", { limit: maximum }) : undefined;
}
