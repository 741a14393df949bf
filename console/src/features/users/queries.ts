import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { listKey } from "../../api/live";

export function useSetPassword() {
  const cache = useQueryClient();
  return useMutation<unknown, ApiError, { readonly user: string; readonly password: string }>({
    mutationFn: ({ user, password }) =>
      answer(client.POST("/api/v1alpha1/users/{name}/password", { params: { path: { name: user } }, body: { password } })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: listKey("users") }),
  });
}
