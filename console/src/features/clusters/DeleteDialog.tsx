import { Content } from "@patternfly/react-core";
import { useDelete } from "../../api/resources";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";

/** Asks, with the name typed, before a cluster is removed. */
export function DeleteDialog({ cluster, onClose, onDone }: { readonly cluster: Cluster; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const remove = useDelete("clusters");
  const { name } = cluster.metadata;
  const count = cluster.status?.workspaces?.total ?? 0;
  return (
    <Confirm
      title={t("clusters:delete.title", { name })}
      action={t("common:delete")}
      typed={name}
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(name, {
          onSuccess: () => {
            tell(t("clusters:delete.done", { name }));
            onDone();
          },
        })
      }
      onClose={onClose}
    >
      <Content component="p">{count > 0 ? t("clusters:delete.bodyWorkspaces", { count }) : t("clusters:delete.body")}</Content>
    </Confirm>
  );
}
