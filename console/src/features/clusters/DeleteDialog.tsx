import { Content } from "@patternfly/react-core";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";

/** Asks, with the name typed, before a cluster is removed. */
export function DeleteDialog({ cluster, onClose, onDone }: { readonly cluster: Cluster; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const count = cluster.status?.workspaces?.total ?? 0;
  return (
    <DeleteObject plural="clusters" name={cluster.metadata.name} typed onClose={onClose} onDone={onDone}>
      <Content component="p">{count > 0 ? t("clusters:delete.bodyWorkspaces", { count }) : t("clusters:delete.body")}</Content>
    </DeleteObject>
  );
}
