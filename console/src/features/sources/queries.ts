import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { keepAnswered } from "../../api/live";
import type { Difference, Source } from "../../api/types";

/** Fetches and applies now; what went wrong is in the status of the answer. */
export function useSync() {
  const cache = useQueryClient();
  return useMutation<Source, ApiError, string>({
    mutationFn: async (name) => (await answer(client.POST("/api/v1alpha1/sources/{name}/sync", { params: { path: { name } } }))) as unknown as Source,
    onSuccess: (source) => keepAnswered(cache, "sources", source),
  });
}

/** What a sync would change now. It has the repository fetched, so it is asked anew each time it is looked at, and not otherwise. */
export function useDifference(name: string) {
  return useQuery<Difference, ApiError>({
    queryKey: ["difference", "sources", name],
    queryFn: async ({ signal }) => answer(client.GET("/api/v1alpha1/sources/{name}/diff", { params: { path: { name } }, signal })),
    gcTime: 0,
  });
}
