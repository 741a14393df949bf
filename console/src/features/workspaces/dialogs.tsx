import { Content } from "@patternfly/react-core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { listKey, objectKey } from "../../api/live";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { bytes } from "../../ui/quantity";
import { usePurge } from "./queries";

/** Asks before deleting; says that the homes stay. */
export function DeleteDialog({ names, onClose, onDone }: { readonly names: readonly string[]; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const cache = useQueryClient();
  const remove = useMutation<void, ApiError>({
    mutationFn: async () => {
      await Promise.all(names.map((name) => answer(client.DELETE("/api/v1alpha1/workspaces/{name}", { params: { path: { name } } }))));
    },
    onSuccess: () => {
      tell(t("workspaces:delete.done", { count: names.length, name: names[0] ?? "" }));
      onDone();
    },
    onSettled: () => {
      void cache.invalidateQueries({ queryKey: listKey("workspaces") });
      for (const name of names) {
        void cache.invalidateQueries({ queryKey: objectKey("workspaces", name) });
      }
    },
  });
  return (
    <Confirm
      title={t("workspaces:delete.title", { count: names.length, name: names[0] ?? "" })}
      action={t("workspaces:action.delete")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Content component="p">{t("workspaces:delete.body")}</Content>
      {names.length > 1 && <Content component="p">{names.join(", ")}</Content>}
    </Confirm>
  );
}

/** Asks, with the name typed, before a home is removed for good. */
export function PurgeDialog({ workspace, onClose, onDone }: { readonly workspace: Workspace; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t, language } = useT();
  const purge = usePurge();
  const { name } = workspace.metadata;
  return (
    <Confirm
      title={t("workspaces:purge.title", { name })}
      action={t("workspaces:action.purge")}
      typed={name}
      danger
      busy={purge.isPending}
      error={purge.error}
      onConfirm={() =>
        purge.mutate(name, {
          onSuccess: () => {
            tell(t("workspaces:purge.done", { name }));
            onDone();
          },
        })
      }
      onClose={onClose}
    >
      <Content component="p">{t("workspaces:purge.body", { size: bytes(workspace.spec.homeSize ?? "", language) })}</Content>
    </Confirm>
  );
}
