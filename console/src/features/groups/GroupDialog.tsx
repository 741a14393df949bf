import { Button, FormGroup } from "@patternfly/react-core";
import { useState } from "react";
import { useCreate, useList, useReplace } from "../../api/resources";
import type { Group } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";
import { NameField } from "../../ui/NameField";
import { isName } from "../../ui/names";
import { labelsInUse, selected } from "./logic";
import { Matches } from "./Matches";

/** Labels offered for the selector. */
const OFFERED = 8;

interface Props {
  /** The group to be changed; without it one is made. */
  readonly group?: Group;
  readonly onClose: () => void;
  readonly onDone: (name: string) => void;
}

/** A group's name and selector, with the clusters it picks as one types. */
export function GroupDialog({ group, onClose, onDone }: Props) {
  const { t } = useT();
  const clusters = useList("clusters");
  const create = useCreate("groups");
  const replace = useReplace("groups");
  // What the form was filled from: a newer one is taken only when asked, so that nothing typed is lost.
  const [base, setBase] = useState(group);
  const [name, setName] = useState(group?.metadata.name ?? "");
  const [selector, setSelector] = useState(group?.spec.selector ?? "");
  const save = base ? replace : create;
  const { error } = save;
  const stale = base !== undefined && error?.reason === "Conflict";
  const all = clusters.data?.items ?? [];
  const matches = selected(selector, all);
  const add = (label: string) => setSelector((old) => (old.trim() === "" ? label : `${old.replace(/[,\s]+$/, "")},${label}`));
  return (
    <FormDialog
      title={base ? t("groups:edit.title", { name }) : t("groups:create.title")}
      description={t("groups:create.description")}
      action={base ? t("common:save") : t("common:create")}
      failed={t("groups:edit.failed")}
      busy={save.isPending}
      ready={isName(name) && matches !== undefined}
      error={stale ? null : error}
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          { apiVersion: "nagaya.dev/v1alpha1", kind: "Group", metadata: { ...base?.metadata, name }, spec: { selector: selector.trim() } },
          {
            onSuccess: ({ metadata }) => {
              tell(t("groups:edit.done", { name: metadata.name }));
              onDone(metadata.name);
            },
          },
        )
      }
    >
      {stale && (
        <ChangedMeanwhile
          onLoad={() => {
            setBase(group);
            setSelector(group?.spec.selector ?? "");
            save.reset();
          }}
        />
      )}
      {!base && <NameField id="group-name" label={t("common:name")} value={name} onChange={setName} error={error} />}
      <TextField
        id="group-selector"
        label={t("groups:selector.label")}
        help={t("groups:selector.help")}
        fault={matches === undefined ? t("groups:selector.bad") : undefined}
        placeholder="team=java,tier in (small,large)"
        autoFocus={base !== undefined}
        value={selector}
        onChange={setSelector}
        error={error}
        path="spec.selector"
      />
      {clusters.data && labelsInUse(all).length > 0 && (
        <FormGroup label={t("groups:selector.inUse")} role="group" fieldId="group-labels">
          <div className="ngy-actions">
            {labelsInUse(all)
              .slice(0, OFFERED)
              .map(([label, count]) => (
                <Button key={label} size="sm" variant="tertiary" onClick={() => add(label)}>
                  {label} × {count}
                </Button>
              ))}
          </div>
        </FormGroup>
      )}
      {clusters.data && matches && <Matches clusters={matches} total={all.length} />}
    </FormDialog>
  );
}
