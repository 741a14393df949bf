import { useMutation, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { answer, client } from "./client";
import type { ApiError } from "./errors";
import { isBehind, keepAnswered, KIND_OF, listKey, objectKey, recent } from "./live";
import { sayingSo } from "./override";
import type { AnyObject, Kinds, ObjectList, Plural } from "./types";

/* The kinds answer alike, so one set of functions serves them. The document lists a path for each kind; the casts below pick one of
 * them to stand for all, and `Kinds` gives back the true type. */
const LIST = (plural: Plural) => `/api/v1alpha1/${plural}` as "/api/v1alpha1/workspaces";
const ONE = (plural: Plural) => `/api/v1alpha1/${plural}/{name}` as "/api/v1alpha1/workspaces/{name}";

export async function readList<P extends Plural>(plural: P, signal?: AbortSignal): Promise<ObjectList<Kinds[P]>> {
  const read = async () => (await answer(client.GET(LIST(plural), { signal }))) as unknown as ObjectList<Kinds[P]>;
  const first = await read();
  const list = isBehind(first) ? await read() : first;
  return recent.catchUpList(KIND_OF[plural], list);
}

export async function readObject<P extends Plural>(plural: P, name: string, signal?: AbortSignal): Promise<Kinds[P]> {
  const object = (await answer(client.GET(ONE(plural), { params: { path: { name } }, signal }))) as unknown as Kinds[P];
  return recent.catchUpObject(object) as Kinds[P];
}

export function useList<P extends Plural>(plural: P, enabled = true): UseQueryResult<ObjectList<Kinds[P]>, ApiError> {
  return useQuery<ObjectList<Kinds[P]>, ApiError>({
    queryKey: listKey(plural),
    queryFn: ({ signal }) => readList(plural, signal),
    enabled,
  });
}

export function useObject<P extends Plural>(plural: P, name: string): UseQueryResult<Kinds[P], ApiError> {
  const cache = useQueryClient();
  return useQuery<AnyObject, ApiError>({
    queryKey: objectKey(plural, name),
    queryFn: ({ signal }) => readObject(plural, name, signal),
    enabled: name !== "",
    // Coming from a list shows at once what the list knew.
    placeholderData: () =>
      cache.getQueryData<ObjectList<AnyObject>>(listKey(plural))?.items.find((item) => item.metadata.name === name),
  }) as UseQueryResult<Kinds[P], ApiError>;
}

export function useCreate<P extends Plural>(plural: P) {
  const cache = useQueryClient();
  return useMutation<Kinds[P], ApiError, Kinds[P]>({
    mutationFn: async (body) => (await answer(client.POST(LIST(plural), { body: body as never }))) as unknown as Kinds[P],
    onSuccess: (object) => keepAnswered(cache, plural, object),
  });
}

/** Replaces an object; the server answers 409 when `metadata.resourceVersion` is not the newest. */
export function useReplace<P extends Plural>(plural: P) {
  const cache = useQueryClient();
  return useMutation<Kinds[P], ApiError, Kinds[P]>({
    mutationFn: async (body) =>
      (await sayingSo((query) =>
        answer(client.PUT(ONE(plural), { params: { path: { name: body.metadata.name }, query: query as object }, body: body as never })),
      )) as unknown as Kinds[P],
    onSuccess: (object) => keepAnswered(cache, plural, object),
  });
}

export function useDelete<P extends Plural>(plural: P, query?: { readonly objects: string }) {
  const cache = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (name) => sayingSo((said) => answer(client.DELETE(ONE(plural), { params: { path: { name }, query: { ...query, ...said } as object } }))),
    onSuccess: (_, name) => {
      void cache.invalidateQueries({ queryKey: listKey(plural) });
      void cache.invalidateQueries({ queryKey: objectKey(plural, name) });
    },
  });
}
