import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";

/** Whether the cluster's agent is connected, or since when it is away. */
export function AgentSeen({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const agent = cluster.status?.agent;
  if (!agent) {
    return <>–</>;
  }
  return agent.connected ? (
    <>{t("clusters:agent.connected")}</>
  ) : (
    <>
      {t("clusters:agent.away")} {agent.since && <Age at={agent.since} />}
    </>
  );
}
