import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { keepAnswered } from "../../api/live";
import type { Repository } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";

/** Has a repository's index read now; what went wrong is in the status of the answer. */
export function useRefresh() {
  const { t } = useT();
  const cache = useQueryClient();
  return useMutation<Repository, ApiError, string>({
    mutationFn: async (name) => (await answer(client.POST("/api/v1alpha1/repositories/{name}/refresh", { params: { path: { name } } }))) as unknown as Repository,
    onSuccess: (repository) => {
      keepAnswered(cache, "repositories", repository);
      void cache.invalidateQueries({ queryKey: ["charts"] });
      tell(t("repositories:refresh.done", { name: repository.metadata.name }));
    },
    onError: (error, name) => tellFailure(t("repositories:refresh.failed", { name }), error),
  });
}

/** Seals the login that a repository asks for. */
export function useSecret() {
  return useMutation<unknown, ApiError, { readonly name: string; readonly user: string; readonly password: string }>({
    mutationFn: ({ name, user, password }) => answer(client.PUT("/api/v1alpha1/repositories/{name}/secret", { params: { path: { name } }, body: { user, password } })),
  });
}
