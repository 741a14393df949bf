import type { BundleCluster } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";

/** How often something was put back, and the last time: who had changed which fields of what. */
export function Drift({ of: { drift } }: { readonly of: BundleCluster }) {
  const { t } = useT();
  if (!drift?.count) {
    return <>0</>;
  }
  const { last } = drift;
  return (
    <>
      {t("bundles:clusters.drift", { count: drift.count })}
      {last && (
        <div className="ngy-small">
          <code>{last.object}</code>{" "}
          {last.fields?.length
            ? t("bundles:clusters.driftFields", { fields: last.fields.join(", "), who: last.manager || t("bundles:clusters.somebody") })
            : t("bundles:clusters.driftGone", { who: last.manager || t("bundles:clusters.somebody") })}{" "}
          <Age at={last.at} />
        </div>
      )}
    </>
  );
}
