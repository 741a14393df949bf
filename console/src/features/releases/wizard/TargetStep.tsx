import { Checkbox, ExpandableSection, Form } from "@patternfly/react-core";
import { useState } from "react";
import type { ChartVersionLine } from "../../../api/charts";
import type { ApiError } from "../../../api/errors";
import { useList } from "../../../api/resources";
import type { Release } from "../../../api/types";
import { useT } from "../../../app/i18n";
import { useMe } from "../../../app/session";
import { SelectField, TextField } from "../../../ui/Field";
import { NameField } from "../../../ui/NameField";
import type { Draft } from "./draft";

interface Props {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly versions: readonly ChartVersionLine[];
  /** The release to be changed; without it one is made. */
  readonly base?: Release;
  readonly error: ApiError | null;
}

/** Stands in the list of versions for a constraint that is typed. */
const CONSTRAINT = "constraint";

/** Where it goes, what it is called, and which version. */
export function TargetStep({ draft, onChange, versions, base, error }: Props) {
  const { t } = useT();
  const me = useMe();
  const clusters = useList("clusters");
  const groups = useList("groups", me.admin);
  const teams = useList("teams");
  const [more, setMore] = useState(false);
  const fixed = base !== undefined;
  const team = teams.data?.items.find(({ metadata }) => metadata.name === draft.team);
  const options = (names: readonly string[], choose: string) => [
    { value: "", text: choose },
    ...names.map((value) => ({ value, text: value })),
  ];
  const setTeam = (name: string) => {
    const next = teams.data?.items.find(({ metadata }) => metadata.name === name);
    // A team's releases go where the team is, unless somebody says otherwise.
    const own = next && { namespace: next.spec.namespace || name, createNamespace: false, ...(draft.cluster === "" ? { cluster: next.spec.cluster } : {}) };
    onChange({ team: name, ...own });
  };
  const teamNames = me.admin ? (teams.data?.items.map(({ metadata }) => metadata.name) ?? []) : me.teams.map(({ name }) => name);
  return (
    <Form className="ngy-form" onSubmit={(event) => event.preventDefault()}>
      {!fixed && (
        <NameField
          id="release-name"
          label={t("releases:field.name.label")}
          help={t("releases:field.name.help")}
          maxLength={32}
          value={draft.name}
          onChange={(name) => onChange({ name })}
          error={error}
        />
      )}
      {!fixed && (
        <SelectField
          id="release-team"
          label={t("releases:field.team.label")}
          help={t("releases:field.team.help")}
          value={draft.team}
          onChange={setTeam}
          error={error}
          path="spec.team"
          options={[
            ...(me.admin ? [{ value: "", text: t("releases:field.team.operations") }] : []),
            ...teamNames.map((value) => ({ value, text: value })),
          ]}
        />
      )}
      {me.admin && (
        <SelectField
          id="release-where"
          label={t("releases:field.where.label")}
          value={draft.where}
          onChange={(where) => onChange({ where: where as Draft["where"] })}
          options={(["cluster", "group"] as const).map((value) => ({ value, text: t(`releases:field.where.${value}`) }))}
        />
      )}
      {draft.where === "cluster" ? (
        <SelectField
          id="release-cluster"
          label={t("releases:field.cluster.label")}
          help={clusters.data?.items.length === 0 ? t("releases:field.cluster.none") : undefined}
          required
          value={draft.cluster}
          onChange={(cluster) => onChange({ cluster })}
          error={error}
          path="spec.cluster"
          options={options(clusters.data?.items.map(({ metadata }) => metadata.name) ?? (draft.cluster ? [draft.cluster] : []), t("releases:field.cluster.choose"))}
        />
      ) : (
        <SelectField
          id="release-group"
          label={t("releases:field.group.label")}
          required
          value={draft.group}
          onChange={(group) => onChange({ group })}
          error={error}
          path="spec.group"
          options={options(groups.data?.items.map(({ metadata }) => metadata.name) ?? (draft.group ? [draft.group] : []), t("releases:field.group.choose"))}
        />
      )}
      {!fixed && (
        <>
          <TextField
            id="release-namespace"
            label={t("releases:field.namespace.label")}
            help={t("releases:field.namespace.help")}
            required
            value={draft.namespace}
            placeholder={team?.spec.namespace || draft.team || undefined}
            onChange={(namespace) => onChange({ namespace })}
            error={error}
            path="spec.namespace"
          />
          {draft.team === "" && (
            <Checkbox
              id="release-create-namespace"
              label={t("releases:field.createNamespace")}
              isChecked={draft.createNamespace}
              onChange={(_, createNamespace) => onChange({ createNamespace })}
            />
          )}
        </>
      )}
      <VersionField draft={draft} onChange={onChange} versions={versions} installed={base?.status?.version} error={error} />
      <ExpandableSection toggleText={t("releases:field.advanced")} isExpanded={more} onToggle={(_, open) => setMore(open)} isIndented>
        <div className="pf-v6-c-form">
          <Checkbox
            id="release-atomic"
            label={t("releases:field.atomic.label")}
            description={t("releases:field.atomic.help")}
            isChecked={draft.atomic}
            onChange={(_, atomic) => onChange({ atomic })}
          />
          <Checkbox
            id="release-wait"
            label={t("releases:field.wait.label")}
            description={t("releases:field.wait.help")}
            isChecked={draft.wait || draft.atomic}
            isDisabled={draft.atomic}
            onChange={(_, wait) => onChange({ wait })}
          />
          <Checkbox id="release-hooks" label={t("releases:field.hooks")} isChecked={draft.hooks} onChange={(_, hooks) => onChange({ hooks })} />
          <Checkbox id="release-crds" label={t("releases:field.crds")} isChecked={draft.crds} onChange={(_, crds) => onChange({ crds })} />
          <TextField
            id="release-timeout"
            label={t("releases:field.timeout.label")}
            help={t("releases:field.timeout.help")}
            type="number"
            value={draft.timeout}
            onChange={(timeout) => onChange({ timeout })}
            error={error}
            path="spec.timeoutSeconds"
          />
        </div>
      </ExpandableSection>
    </Form>
  );
}

interface VersionProps extends Pick<Props, "draft" | "onChange" | "versions" | "error"> {
  readonly installed?: string;
}

/** One version of those there are, always the newest, or a constraint. */
function VersionField({ draft: { version }, onChange, versions, installed, error }: VersionProps) {
  const { t } = useT();
  const known = version === "" || versions.some((line) => line.version === version);
  const [typing, setTyping] = useState(!known);
  const newest = versions[0]?.version;
  const text = (one: string) =>
    one === installed ? t("releases:field.version.installed", { version: one }) : one === newest ? t("releases:field.version.newest", { version: one }) : one;
  return (
    <>
      <SelectField
        id="release-version"
        label={t("releases:field.version.label")}
        value={typing ? CONSTRAINT : version}
        onChange={(next) => {
          setTyping(next === CONSTRAINT);
          onChange({ version: next === CONSTRAINT ? `^${newest ?? "1"}` : next });
        }}
        error={typing ? null : error}
        path="spec.version"
        options={[
          ...versions.map((line) => ({ value: line.version, text: text(line.version) })),
          { value: "", text: t("releases:field.version.latest") },
          { value: CONSTRAINT, text: t("releases:field.version.other") },
        ]}
      />
      {typing && (
        <TextField
          id="release-constraint"
          label={t("releases:field.version.constraint")}
          help={t("releases:field.version.constraintHelp")}
          value={version}
          onChange={(next) => onChange({ version: next })}
          error={error}
          path="spec.version"
        />
      )}
    </>
  );
}
