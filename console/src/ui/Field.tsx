import { FormGroup, FormHelperText, FormSelect, FormSelectOption, HelperText, HelperTextItem, TextInput } from "@patternfly/react-core";
import type { ReactNode } from "react";
import { fieldError, type ApiError } from "../api/errors";

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly help?: ReactNode;
  /** What is wrong with the value, found while typing. */
  readonly fault?: string;
  /** The server's refusal, and the path in the object that this field stands for. */
  readonly error?: ApiError | null;
  readonly path?: string;
  readonly required?: boolean;
  /** Whether it is several controls, each with a label of its own, under this one. */
  readonly isGroup?: boolean;
  readonly children: (state: { readonly validated: "error" | "default"; readonly "aria-describedby": string | undefined }) => ReactNode;
}

/** A field of a form with its help and what is wrong with it, its own or the server's finding. */
export function Field({ id, label, help, fault, error, path, required, isGroup, children }: FieldProps) {
  const cause = path ? fieldError(error ?? undefined, path) : undefined;
  const wrong = fault ?? (cause && [cause.field === path ? cause.message : `${cause.field}: ${cause.message}`, cause.mend].filter(Boolean).join(" — "));
  const text = wrong ?? help;
  return (
    <FormGroup label={label} fieldId={id} isRequired={required} role={isGroup ? "group" : undefined}>
      {children({ validated: wrong ? "error" : "default", "aria-describedby": text ? `${id}-help` : undefined })}
      {text && (
        <FormHelperText>
          <HelperText id={`${id}-help`}>
            <HelperTextItem variant={wrong ? "error" : "default"}>{text}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}

type TextProps = Omit<FieldProps, "children"> & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly type?: "text" | "password" | "number";
  readonly maxLength?: number;
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
  readonly readOnly?: boolean;
};

export function TextField({ value, onChange, placeholder, type = "text", maxLength, autoComplete = "off", autoFocus, readOnly, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(state) => (
        <TextInput
          {...state}
          id={field.id}
          type={type}
          value={value}
          placeholder={placeholder}
          maxLength={maxLength}
          autoComplete={autoComplete}
          autoFocus={autoFocus}
          spellCheck={false}
          autoCapitalize="none"
          isRequired={field.required}
          readOnlyVariant={readOnly ? "default" : undefined}
          onChange={(_, next) => onChange(next)}
        />
      )}
    </Field>
  );
}

type SelectProps = Omit<FieldProps, "children"> & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly text: string }[];
};

export function SelectField({ value, onChange, options, ...field }: SelectProps) {
  return (
    <Field {...field}>
      {(state) => (
        <FormSelect {...state} id={field.id} value={value} isRequired={field.required} onChange={(_, next) => onChange(next)}>
          {options.map((option) => (
            <FormSelectOption key={option.value} value={option.value} label={option.text} />
          ))}
        </FormSelect>
      )}
    </Field>
  );
}
