import { Alert, AlertActionLink, List, ListItem } from "@patternfly/react-core";
import { useState } from "react";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { useObjectChange } from "../../ui/useObjectChange";

/** By its value the incarnation of the server's data that may prune, as `nagaya cluster confirm` sets it. */
const CONFIRM = "nagaya.dev/confirm-prune";

/** What would go from the cluster, since the server was restored or replaced: it goes once somebody has seen the list. */
export function Unconfirmed({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const me = useMe();
  const change = useObjectChange("clusters");
  const [asking, setAsking] = useState(false);
  const { name, annotations } = cluster.metadata;
  const waiting = cluster.status?.intent?.unconfirmed;
  if (!waiting || annotations?.[CONFIRM] === waiting.incarnation) {
    return null;
  }
  const more = waiting.count - waiting.objects.length;
  const confirm = () =>
    change.mutate(
      {
        name,
        // What was seen is confirmed, not what another restore may have made of it meanwhile.
        change: (fresh) => ({
          ...fresh,
          metadata: { ...fresh.metadata, annotations: { ...fresh.metadata.annotations, [CONFIRM]: waiting.incarnation } },
        }),
      },
      {
        onSuccess: () => {
          tell(t("clusters:confirm.done", { name }));
          setAsking(false);
        },
      },
    );
  return (
    <>
      <Alert
        variant="warning"
        isInline
        className="ngy-gap-bottom"
        title={t("clusters:confirm.title", { count: waiting.count })}
        actionLinks={me.admin && <AlertActionLink onClick={() => setAsking(true)}>{t("clusters:confirm.action")}</AlertActionLink>}
      >
        <p>{t("clusters:confirm.body")}</p>
        <List>
          {waiting.objects.map((object) => (
            <ListItem key={object}>
              <code>{object}</code>
            </ListItem>
          ))}
          {more > 0 && <ListItem>{t("clusters:confirm.more", { count: more })}</ListItem>}
        </List>
      </Alert>
      {asking && (
        <Confirm
          title={t("clusters:confirm.ask", { name })}
          action={t("clusters:confirm.action")}
          typed={name}
          danger
          busy={change.isPending}
          error={change.error}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        >
          {t("clusters:confirm.askBody")}
        </Confirm>
      )}
    </>
  );
}
