import { Button, Flex, FlexItem } from "@patternfly/react-core";
import type { Cluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";
import { useObjectChange } from "../../ui/useObjectChange";

/** The annotation and its word by which the server leaves a cluster's agent as it is. */
const ANNOTATION = "nagaya.dev/agent-updates";
const PAUSED = "paused";

const updatesPaused = (cluster: Cluster) => cluster.metadata.annotations?.[ANNOTATION] === PAUSED;

function withUpdates(cluster: Cluster, paused: boolean): Cluster {
  const { [ANNOTATION]: _, ...others } = cluster.metadata.annotations ?? {};
  return { ...cluster, metadata: { ...cluster.metadata, annotations: paused ? { ...others, [ANNOTATION]: PAUSED } : others } };
}

/** Whether the server updates a cluster's agent, and a button to say so. */
export function AgentUpdates({ cluster }: { readonly cluster: Cluster }) {
  const { t } = useT();
  const { name } = cluster.metadata;
  const change = useObjectChange("clusters");
  const state = updatesPaused(cluster) ? "paused" : "byServer";
  const verb = updatesPaused(cluster) ? "resume" : "pause";
  return (
    <Flex columnGap={{ default: "columnGapSm" }}>
      <FlexItem>{t(`clusters:updates.${state}`)}</FlexItem>
      <FlexItem>
        <Button
          variant="link"
          isInline
          isLoading={change.isPending}
          isDisabled={change.isPending}
          onClick={() =>
            change.mutate(
              { name, change: (fresh) => withUpdates(fresh, verb === "pause") },
              {
                onSuccess: () => tell(t(`clusters:updates.done.${verb}`, { name })),
                onError: (error) => tellFailure(t("clusters:updates.failed", { name }), error),
              },
            )
          }
        >
          {t(`clusters:updates.${verb}`)}
        </Button>
      </FlexItem>
    </Flex>
  );
}
