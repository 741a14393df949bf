import { ActionGroup, Button, Form } from "@patternfly/react-core";
import { useState } from "react";
import { useList, useReplace } from "../../api/resources";
import type { Team } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { ChangedMeanwhile } from "../../ui/ChangedMeanwhile";
import { Entries } from "../../ui/Entries";
import { ObjectError } from "../../ui/ObjectError";
import { PlacementFields, type PlacementForm } from "./PlacementFields";

/** Where the team's new workspaces go; decided by operations. */
export function Placement({ team }: { readonly team: Team }) {
  const { t } = useT();
  const me = useMe();
  const clusters = useList("clusters", me.role === "admin");
  const replace = useReplace("teams");
  // What the form was filled from: a newer one is taken only when asked, so that nothing typed is lost.
  const [base, setBase] = useState(team);
  const [form, setForm] = useState<PlacementForm>({
    displayName: team.spec.displayName ?? "",
    cluster: team.spec.cluster,
    namespace: team.spec.namespace ?? "",
  });
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
        const { displayName, cluster, namespace } = form;
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
        <ChangedMeanwhile
          onLoad={() => {
            setBase(team);
            replace.reset();
          }}
        />
      )}
      <PlacementFields
        form={form}
        onChange={(part) => setForm((old) => ({ ...old, ...part }))}
        name={team.metadata.name}
        clusters={names}
        clusterHelp={t("teams:placement.help")}
        error={replace.error}
      />
      <ActionGroup>
        <Button type="submit" isLoading={replace.isPending} isDisabled={replace.isPending}>
          {t("common:save")}
        </Button>
      </ActionGroup>
    </Form>
  );
}
