import { ActionGroup, Alert, Button, Form } from "@patternfly/react-core";
import { useState } from "react";
import { useList, useReplace } from "../../api/resources";
import type { Team } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { Entries } from "../../ui/Entries";
import { SelectField, TextField } from "../../ui/Field";
import { ObjectError } from "../../ui/ObjectError";

/** Where the team's new workspaces go; decided by operations. */
export function Placement({ team }: { readonly team: Team }) {
  const { t } = useT();
  const me = useMe();
  const clusters = useList("clusters", me.role === "admin");
  const replace = useReplace("teams");
  // What the form was filled from: a newer one is taken only when asked, so that nothing typed is lost.
  const [base, setBase] = useState(team);
  const [cluster, setCluster] = useState(team.spec.cluster);
  const [namespace, setNamespace] = useState(team.spec.namespace ?? "");
  const [displayName, setDisplayName] = useState(team.spec.displayName ?? "");
  if (me.role !== "admin") {
    return (
      <Entries
        entries={[
          [t("workspaces:column.cluster"), team.spec.cluster],
          [t("workspaces:detail.namespace"), team.spec.namespace || team.metadata.name],
        ]}
      />
    );
  }
  const names = [...new Set([team.spec.cluster, ...(clusters.data?.items.map((item) => item.metadata.name) ?? [])])];
  const stale = replace.error?.reason === "Conflict";
  return (
    <Form
      className="ngy-form"
      onSubmit={(event) => {
        event.preventDefault();
        replace.mutate(
          { ...base, spec: { ...base.spec, cluster, namespace: namespace || undefined, displayName: displayName || undefined } },
          {
            onSuccess: (saved) => {
              setBase(saved);
              tell(t("teams:placement.saved"));
            },
          },
        );
      }}
    >
      {replace.error && !stale && <ObjectError error={replace.error} title={t("teams:placement.failed")} />}
      {stale && (
        <Alert
          variant="warning"
          isInline
          title={t("common:changedMeanwhile.title")}
          actionLinks={
            <Button
              variant="link"
              isInline
              onClick={() => {
                setBase(team);
                replace.reset();
              }}
            >
              {t("common:changedMeanwhile.load")}
            </Button>
          }
        >
          {t("common:changedMeanwhile.body")}
        </Alert>
      )}
      <TextField id="team-display" label={t("common:displayName")} value={displayName} onChange={setDisplayName} error={replace.error} path="spec.displayName" />
      <SelectField
        id="team-cluster"
        label={t("workspaces:column.cluster")}
        help={t("teams:placement.help")}
        required
        value={cluster}
        onChange={setCluster}
        options={names.map((value) => ({ value, text: value }))}
        error={replace.error}
        path="spec.cluster"
      />
      <TextField
        id="team-namespace"
        label={t("workspaces:detail.namespace")}
        help={t("teams:create.namespaceHelp")}
        placeholder={team.metadata.name}
        value={namespace}
        onChange={setNamespace}
        error={replace.error}
        path="spec.namespace"
      />
      <ActionGroup>
        <Button type="submit" isLoading={replace.isPending} isDisabled={replace.isPending}>
          {t("common:save")}
        </Button>
      </ActionGroup>
    </Form>
  );
}
