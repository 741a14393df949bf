import { useQuery } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import type { Bundle, BundleVersion } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";
import { useObjectChange } from "../../ui/useObjectChange";
import { rolledBack } from "./logic";

/** What a bundle was in a version; it never changes, so it is read once. */
export async function readVersion(bundle: string, version: number, signal?: AbortSignal): Promise<BundleVersion> {
  const name = `${bundle}-v${version}`;
  return (await answer(client.GET("/api/v1alpha1/bundleversions/{name}", { params: { path: { name } }, signal }))) as unknown as BundleVersion;
}

export function useVersion(bundle: Bundle, version: number) {
  const { name, uid } = bundle.metadata;
  return useQuery<BundleVersion, ApiError>({
    // Another bundle of the same name has versions of its own.
    queryKey: ["bundle-version", uid, version],
    queryFn: ({ signal }) => readVersion(name, version, signal),
    enabled: version > 0,
    staleTime: Infinity,
  });
}

/** Lets clusters keep the version that they have, or lets the rollout go on. */
export function usePause() {
  const { t } = useT();
  const change = useObjectChange("bundles");
  return {
    isPending: change.isPending,
    set: (name: string, paused: boolean) =>
      change.mutate(
        { name, change: (fresh) => ({ ...fresh, spec: { ...fresh.spec, rollout: { ...fresh.spec.rollout, paused } } }) },
        {
          onSuccess: () => tell(paused ? t("bundles:done.paused", { name }) : t("bundles:done.resumed", { name })),
          onError: (error) => tellFailure(t("bundles:failed.save", { name }), error),
        },
      ),
  };
}

/** Makes what a bundle was in a version its newest one. */
export function useRollBack() {
  const { t } = useT();
  const change = useObjectChange("bundles");
  return {
    isPending: change.isPending,
    error: change.error,
    to: (name: string, version: number, onDone: () => void) =>
      change.mutate(
        { name, change: async (fresh) => rolledBack(fresh, await readVersion(name, version), t("bundles:versions.rolledBack", { version })) },
        {
          onSuccess: () => {
            tell(t("bundles:done.rolledBack", { name, version }));
            onDone();
          },
        },
      ),
  };
}
