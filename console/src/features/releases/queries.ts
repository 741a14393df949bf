import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Preview, ReleaseValues } from "../../api/charts";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { keepAnswered } from "../../api/live";
import type { Release, ReleaseVersion } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";
import { useObjectChange } from "../../ui/useObjectChange";

/** How long typing must rest before the server is asked for a preview. Milliseconds. */
const REST = 400;

/** A value once it has not changed for a while. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), REST);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export interface PreviewState {
  readonly preview?: Preview;
  readonly error: ApiError | null;
  /** Whether what is shown is of an older state than what is typed. */
  readonly checking: boolean;
  readonly retry: () => void;
}

/** What the release would be, kept up with what is typed; `spec` is undefined as long as there is too little to ask with. */
export function usePreview(name: string, spec: Release["spec"] | undefined, cluster: string | undefined): PreviewState {
  const request = spec === undefined ? "" : JSON.stringify({ spec, cluster });
  const settled = useSettled(request);
  const query = useQuery<Preview, ApiError>({
    queryKey: ["preview", name, settled],
    queryFn: async ({ signal }) => {
      const body = JSON.parse(settled) as never;
      return (await answer(client.POST("/api/v1alpha1/releases/{name}/preview", { params: { path: { name } }, body, signal }))) as unknown as Preview;
    },
    enabled: settled !== "" && request !== "",
    placeholderData: keepPreviousData,
    // What runs on the cluster may be another thing when it is looked at again.
    staleTime: 10_000,
    gcTime: 30_000,
  });
  return {
    preview: request === "" ? undefined : query.data,
    error: query.error,
    checking: request !== "" && (request !== settled || query.isFetching),
    retry: () => void query.refetch(),
  };
}

/** What a release was in a version; it never changes, so it is read once. */
export function useReleaseVersion(release: Release, version: number) {
  const { name, uid } = release.metadata;
  return useQuery<ReleaseVersion, ApiError>({
    queryKey: ["release-version", uid, version],
    queryFn: async ({ signal }) => {
      const path = { name: `${name}-v${version}` };
      return (await answer(client.GET("/api/v1alpha1/releaseversions/{name}", { params: { path }, signal }))) as unknown as ReleaseVersion;
    },
    enabled: version > 0,
    staleTime: Infinity,
  });
}

/** The values of a release on a cluster, with or without the chart's own. */
export function useReleaseValues(release: Release, cluster: string | undefined, all: boolean) {
  const { name, generation } = release.metadata;
  return useQuery<ReleaseValues, ApiError>({
    queryKey: ["release-values", name, generation, cluster, all],
    queryFn: async ({ signal }) => {
      const params = { path: { name }, query: { cluster, all } };
      return (await answer(client.GET("/api/v1alpha1/releases/{name}/values", { params, signal }))) as unknown as ReleaseValues;
    },
  });
}

/** Seals values of a release, by name. */
export async function sealSecrets(name: string, secrets: { readonly [secret: string]: string }): Promise<void> {
  await answer(client.PUT("/api/v1alpha1/releases/{name}/secrets", { params: { path: { name } }, body: secrets }));
}

export function useRetry() {
  const { t } = useT();
  const cache = useQueryClient();
  return useMutation<Release, ApiError, string>({
    mutationFn: async (name) => (await answer(client.POST("/api/v1alpha1/releases/{name}/retry", { params: { path: { name } } }))) as unknown as Release,
    onSuccess: (release) => {
      keepAnswered(cache, "releases", release);
      tell(t("releases:done.retry", { name: release.metadata.name }));
    },
    onError: (error, name) => tellFailure(t("releases:failed.retry", { name }), error),
  });
}

/** Makes what a release was in a version its newest one. */
export function useRollBack() {
  const { t } = useT();
  const cache = useQueryClient();
  return useMutation<Release, ApiError, { readonly name: string; readonly version: number }>({
    mutationFn: async ({ name, version }) =>
      (await answer(client.POST("/api/v1alpha1/releases/{name}/rollback", { params: { path: { name } }, body: { version } }))) as unknown as Release,
    onSuccess: (release, { version }) => {
      keepAnswered(cache, "releases", release);
      tell(t("releases:done.rolledBack", { name: release.metadata.name, version }));
    },
  });
}

/** Has the chart's tests run; how they went is in the status, cluster by cluster. */
export function useTests() {
  const cache = useQueryClient();
  return useMutation<Release, ApiError, string>({
    mutationFn: async (name) => (await answer(client.POST("/api/v1alpha1/releases/{name}/test", { params: { path: { name } } }))) as unknown as Release,
    onSuccess: (release) => keepAnswered(cache, "releases", release),
  });
}

/** Leaves a release as it is, or lets it go on. */
export function useSuspend() {
  const { t } = useT();
  const change = useObjectChange("releases");
  return {
    isPending: change.isPending,
    set: (name: string, suspended: boolean) =>
      change.mutate(
        { name, change: (fresh) => ({ ...fresh, spec: { ...fresh.spec, suspended } }) },
        {
          onSuccess: () => tell(suspended ? t("releases:done.suspended", { name }) : t("releases:done.resumed", { name })),
          onError: (error) => tellFailure(t("releases:failed.save", { name }), error),
        },
      ),
  };
}
