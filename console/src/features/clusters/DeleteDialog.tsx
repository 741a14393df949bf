import { Content, Radio, Stack, StackItem } from "@patternfly/react-core";
import { useState } from "react";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";

/** What becomes of what Nagaya put into a cluster of somebody else's, the least harmful first. */
const REMOVALS = ["keep", "remove", "forget"] as const;

/** Asks, with the name typed, before a cluster is removed; of an imported one also what becomes of what Nagaya put there. */
export function DeleteDialog({ cluster, onClose, onDone }: { readonly cluster: Cluster; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const [objects, setObjects] = useState<(typeof REMOVALS)[number]>("keep");
  const count = cluster.status?.workspaces?.total ?? 0;
  // Where no agent ever came there is nothing.
  const asks = cluster.spec.provider === "import" && cluster.status?.agent?.since !== undefined;
  return (
    <DeleteObject plural="clusters" name={cluster.metadata.name} typed query={asks ? { objects } : undefined} onClose={onClose} onDone={onDone}>
      <Content component="p">
        {count > 0 ? t("clusters:delete.bodyWorkspaces", { count }) : t(asks ? "clusters:delete.bodyImported" : "clusters:delete.body")}
      </Content>
      {asks && (
        <Stack hasGutter role="radiogroup" aria-label={t("clusters:delete.bodyImported")}>
          {REMOVALS.map((one) => (
            <StackItem key={one}>
              <Radio
                id={`removal-${one}`}
                name="removal"
                label={t(`clusters:delete.${one}`)}
                description={t(`clusters:delete.${one}Help`)}
                isChecked={objects === one}
                onChange={() => setObjects(one)}
              />
            </StackItem>
          ))}
        </Stack>
      )}
    </DeleteObject>
  );
}
