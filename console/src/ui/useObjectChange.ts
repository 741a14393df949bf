import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApiError } from "../api/errors";
import { answer, client } from "../api/client";
import { keepAnswered } from "../api/live";
import { sayingSo } from "../api/override";
import { readObject } from "../api/resources";
import type { Kinds, Plural } from "../api/types";

/**
 * Changes one thing of an object: reads it fresh, changes it, writes it; when somebody else wrote in between (409), does so once more.
 * For changes that mean the same whatever else the object says: a member added, an account disabled. Forms use useReplace.
 */
export function useObjectChange<P extends Plural>(plural: P) {
  const cache = useQueryClient();
  return useMutation<Kinds[P], ApiError, { readonly name: string; readonly change: (object: Kinds[P]) => Kinds[P] | Promise<Kinds[P]> }>({
    mutationFn: async ({ name, change }) => {
      const write = async () => {
        const body = await change(await readObject(plural, name));
        return (await sayingSo((query) =>
          answer(
            client.PUT(`/api/v1alpha1/${plural}/{name}` as "/api/v1alpha1/workspaces/{name}", {
              params: { path: { name }, query: query as object },
              body: body as never,
            }),
          ),
        )) as unknown as Kinds[P];
      };
      try {
        return await write();
      } catch (error) {
        if ((error as ApiError).code === 409 && (error as ApiError).reason !== "SourceOwned") {
          return write();
        }
        throw error;
      }
    },
    onSuccess: (object) => keepAnswered(cache, plural, object),
  });
}
