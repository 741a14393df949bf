import { Alert, Button } from "@patternfly/react-core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { stringify } from "yaml";
import type { ApiError } from "../../api/errors";
import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { ArrowLeftIcon, SyncIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { Waiting } from "../../ui/Waiting";
import { readDifferences, type Difference } from "./onCluster";

const DiffView = lazy(() => import("../../ui/DiffView"));

interface Props {
  readonly bundle: Bundle;
  readonly cluster: string;
  readonly onBack: () => void;
}

/** What the bundle as it is now would change on one cluster. */
export default function ClusterDifference({ bundle, cluster, onBack }: Props) {
  const { t } = useT();
  const { name, generation } = bundle.metadata;
  const found = useQuery<Awaited<ReturnType<typeof readDifferences>>, ApiError>({
    queryKey: ["bundle-on-cluster", name, cluster, generation],
    queryFn: ({ signal }) => readDifferences(name, cluster, signal),
    // What is on a cluster is looked at anew each time.
    gcTime: 0,
    staleTime: 0,
  });
  const text = (which: "has" | "wanted") =>
    (found.data?.differences ?? []).map((one: Difference) => (one[which] === undefined ? "" : stringify(one[which], { lineWidth: 120 }))).join("---\n");
  return (
    <>
      <div className="ngy-actions">
        <Button variant="link" isInline icon={<ArrowLeftIcon />} onClick={onBack}>
          {t("bundles:onCluster.back")}
        </Button>
        <Button variant="link" isInline icon={<SyncIcon />} isLoading={found.isFetching} onClick={() => void found.refetch()}>
          {t("bundles:onCluster.again")}
        </Button>
      </div>
      <h2 className="pf-v6-c-title pf-m-xl ngy-heading">{t("bundles:onCluster.title", { cluster })}</h2>
      {found.error && <ObjectError error={found.error} title={t("bundles:onCluster.failed", { cluster })} onRetry={() => void found.refetch()} />}
      {found.isPending && <Waiting />}
      {found.data && found.data.differences.length === 0 && (
        <Alert variant="success" isInline title={t("bundles:onCluster.same", { count: found.data.total })} />
      )}
      {found.data && found.data.differences.length > 0 && (
        <>
          <p>{t("bundles:onCluster.how")}</p>
          <ul>
            {found.data.differences.map(({ object, has }) => (
              <li key={object}>
                {t(has === undefined ? "bundles:onCluster.missing" : "bundles:versions.changed")} <code>{object}</code>
              </li>
            ))}
          </ul>
          <Suspense fallback={t("common:loading")}>
            <DiffView
              label={t("bundles:onCluster.title", { cluster })}
              before={text("has")}
              after={text("wanted")}
              folded={t("bundles:versions.unchanged")}
            />
          </Suspense>
        </>
      )}
    </>
  );
}
