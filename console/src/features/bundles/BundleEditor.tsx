import { ActionGroup, Alert, Button, Checkbox, Form, FormSection, TextArea } from "@patternfly/react-core";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import { Link, useNavigate } from "react-router";
import type { ApiError } from "../../api/errors";
import { useCreate, useList, useReplace } from "../../api/resources";
import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { Field, SelectField, TextField } from "../../ui/Field";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { ObjectError } from "../../ui/ObjectError";
import { RouterLink } from "../../ui/RouterLink";
import { extrasFromText, objectsFromText, placeOf, type Fault } from "./contents";
import { badWave, EMPTY_FORM, fromForm, isLimit, toForm, waveSizes, type BundleForm } from "./form";

const CodeEditor = lazy(() => import("../../ui/CodeEditor"));

/** The server's rule: its versions' names are made from a bundle's. */
const LONGEST_NAME = 32;

/** The form of a bundle, with its objects as YAML. While it is open, a change by somebody else does not touch what was typed. */
export function BundleEditor({ bundle }: { readonly bundle?: Bundle }) {
  const { t } = useT();
  const navigate = useNavigate();
  const groups = useList("groups");
  const clusters = useList("clusters");
  const create = useCreate("bundles");
  const replace = useReplace("bundles");
  const [base, setBase] = useState(bundle);
  const [form, setForm] = useState<BundleForm>(() => (bundle ? toForm(bundle) : EMPTY_FORM));
  // Another one draws the editors anew.
  const [filled, setFilled] = useState(0);
  const save = base ? replace : create;
  const { error } = save;
  const stale = base !== undefined && error?.reason === "Conflict";
  const set = (part: Partial<BundleForm>) => setForm((old) => ({ ...old, ...part }));

  // Large texts are read again when there is time for it, not at every key.
  const objectsText = useDeferredValue(form.objects);
  const extrasText = useDeferredValue(form.extras);
  const objects = objectsFromText(objectsText);
  const extras = extrasFromText(extrasText);
  const wrongWave = badWave(form);
  const names = groups.data?.items.map(({ metadata }) => metadata.name) ?? [];
  const ready =
    isName(form.name) &&
    form.name.length <= LONGEST_NAME &&
    form.groups.length > 0 &&
    isLimit(form.maxUnready) &&
    wrongWave === undefined &&
    objectsText === form.objects &&
    extrasText === form.extras &&
    objects.faults.length === 0 &&
    extras.faults.length === 0 &&
    extras.unknown === undefined;
  const sizes = groups.data && clusters.data && wrongWave === undefined ? waveSizes(form, groups.data.items, clusters.data.items) : undefined;

  return (
    <Form
      className="ngy-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !save.isPending) {
          save.mutate(fromForm(form, base), {
            onSuccess: ({ metadata }) => {
              tell(t("bundles:edit.done", { name: metadata.name }));
              void navigate(`/bundles/${metadata.name}`);
            },
          });
        }
      }}
    >
      {error && !stale && <ObjectError error={error} title={t("bundles:failed.save", { name: form.name })} />}
      {stale && (
        <ChangedMeanwhile
          onLoad={() => {
            if (bundle) {
              setBase(bundle);
              setForm(toForm(bundle));
              setFilled(filled + 1);
            }
            save.reset();
          }}
        />
      )}
      {!base && (
        <NameField
          id="bundle-name"
          label={t("common:name")}
          value={form.name}
          onChange={(name) => set({ name })}
          error={error}
          maxLength={LONGEST_NAME}
          help={t("bundles:field.nameHelp")}
        />
      )}
      <Field
        id="bundle-groups"
        label={t("bundles:column.groups")}
        help={names.length === 0 && groups.data ? <NoGroup /> : t("bundles:field.groupsHelp")}
        required
        isGroup
        error={error}
        path="spec.groups"
      >
        {() =>
          [...new Set([...names, ...form.groups])].map((name) => (
            <Checkbox
              key={name}
              id={`group-${name}`}
              label={name}
              isChecked={form.groups.includes(name)}
              onChange={(_, on) => set({ groups: on ? [...form.groups, name] : form.groups.filter((other) => other !== name) })}
            />
          ))
        }
      </Field>
      <SelectField
        id="bundle-each"
        label={t("bundles:field.each")}
        help={t(`bundles:field.eachHelp.${form.each}`)}
        value={form.each}
        onChange={(each) => set({ each: each as BundleForm["each"] })}
        options={(["Cluster", "Team"] as const).map((value) => ({ value, text: t(`bundles:each.${value}`) }))}
        error={error}
        path="spec.each"
      />
      <Code
        key={`objects-${filled}`}
        id="bundle-objects"
        part="objects"
        label={t("bundles:field.objects")}
        help={t("bundles:field.objectsHelp")}
        text={form.objects}
        other={form.extras}
        onChange={(text) => set({ objects: text })}
        faults={objects.faults}
        error={error}
      />
      <Code
        key={`extras-${filled}`}
        id="bundle-extras"
        part="extras"
        label={t("bundles:field.extras")}
        help={t("bundles:field.extrasHelp")}
        text={form.extras}
        other={form.objects}
        onChange={(text) => set({ extras: text })}
        faults={extras.unknown === undefined ? extras.faults : [{ line: 1, message: t("bundles:field.extrasUnknown", { key: extras.unknown }) }]}
        error={error}
      />
      <FormSection title={t("bundles:rollout.title")} titleElement="h2">
        <TextField
          id="bundle-limit"
          label={t("bundles:rollout.maxUnready")}
          help={t("bundles:rollout.maxUnreadyHelp")}
          placeholder="25%"
          value={form.maxUnready}
          onChange={(maxUnready) => set({ maxUnready })}
          fault={isLimit(form.maxUnready) ? undefined : t("bundles:rollout.maxUnreadyBad")}
          error={error}
          path="spec.rollout.maxUnready"
        />
        <Field
          id="bundle-waves"
          label={t("bundles:rollout.waves")}
          help={
            <>
              {t("bundles:rollout.wavesHelp")}{" "}
              {sizes?.map((count, at) => (
                <span key={`${at}${count}`}>
                  {at === sizes.length - 1 ? t("bundles:rollout.lastWave", { count }) : t("bundles:rollout.wave", { number: at + 1, count })}{" "}
                </span>
              ))}
            </>
          }
          fault={wrongWave === undefined ? undefined : t("bundles:rollout.wavesBad", { wave: wrongWave })}
          error={error}
          path="spec.rollout.waves"
        >
          {(state) => (
            <TextArea
              {...state}
              id="bundle-waves"
              rows={3}
              resizeOrientation="vertical"
              spellCheck={false}
              placeholder="stage=canary"
              value={form.waves}
              onChange={(_, waves) => set({ waves })}
            />
          )}
        </Field>
      </FormSection>
      <TextField
        id="bundle-message"
        label={t("bundles:field.message")}
        help={t("bundles:field.messageHelp")}
        value={form.message}
        onChange={(message) => set({ message })}
      />
      <ActionGroup>
        <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending || !ready}>
          {base ? t("common:save") : t("common:create")}
        </Button>
        <Button variant="link" component={RouterLink} href={base ? `/bundles/${base.metadata.name}` : "/bundles"}>
          {t("common:cancel")}
        </Button>
      </ActionGroup>
    </Form>
  );
}

function NoGroup() {
  const { t } = useT();
  return (
    <>
      {t("bundles:field.noGroup")} <Link to="/groups">{t("app:pages.groups")}</Link>
    </>
  );
}

interface CodeProps {
  readonly id: string;
  readonly part: "objects" | "extras";
  readonly label: string;
  readonly help: string;
  readonly text: string;
  /** The text of the other part, which findings of the server may be about. */
  readonly other: string;
  readonly onChange: (text: string) => void;
  readonly faults: readonly Fault[];
  readonly error: ApiError | null;
}

/** A text of YAML with what is wrong in it below, each leading to its line. */
function Code({ id, part, label, help, text, other, onChange, faults, error }: CodeProps) {
  const { t } = useT();
  const [first] = useState(text);
  const [at, setAt] = useState<{ readonly line: number }>();
  const texts: readonly [string, string] = part === "objects" ? [text, other] : [other, text];
  const refused = (error?.causes ?? []).flatMap(({ field, message, mend }): Fault[] => {
    const place = field ? placeOf(field, ...texts) : undefined;
    return place?.text === part ? [{ line: place.line, message: [`${field}: ${message}`, mend].filter(Boolean).join(" — ") }] : [];
  });
  const wrong = [...faults, ...refused];
  return (
    <Field id={id} label={label} help={help} isGroup>
      {() => (
        <>
          <Suspense fallback={t("common:loading")}>
            <CodeEditor label={label} text={first} onChange={onChange} at={at} />
          </Suspense>
          {wrong.length > 0 && (
            <Alert variant="danger" isInline isPlain role="alert" title={t("bundles:field.wrong", { count: wrong.length })}>
              {wrong.map(({ line, message }) => (
                <div key={`${line}${message}`}>
                  <Button variant="link" isInline onClick={() => setAt({ line })}>
                    {t("bundles:field.line", { line })}
                  </Button>{" "}
                  <span lang="en">{message}</span>
                </div>
              ))}
            </Alert>
          )}
        </>
      )}
    </Field>
  );
}
