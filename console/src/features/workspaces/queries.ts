import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client, persistently } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { listKey, objectKey } from "../../api/live";
import { revision } from "../../api/reducer";
import { useDelete } from "../../api/resources";
import type { ObjectList, Workspace, WorkspaceState } from "../../api/types";
import { useT } from "../../app/i18n";
import { tellFailure } from "../../app/toasts";

type Verb = "start" | "stop";
const WANTED: Readonly<Record<Verb, WorkspaceState>> = { start: "Running", stop: "Stopped" };

/** Starts or stops at once on the page; when the server refuses, what was before comes back with the reason. */
function useSwitch(verb: Verb) {
  const cache = useQueryClient();
  const { t } = useT();
  return useMutation<Workspace, ApiError, string, { before: Workspace | undefined }>({
    mutationFn: async (name) =>
      (await persistently(() =>
        answer(client.POST(`/api/v1alpha1/workspaces/{name}/${verb}` as "/api/v1alpha1/workspaces/{name}/start", { params: { path: { name } } })),
      )) as unknown as Workspace,
    onMutate: (name) => {
      const key = objectKey("workspaces", name);
      const list = cache.getQueryData<ObjectList<Workspace>>(listKey("workspaces"));
      const before = cache.getQueryData<Workspace>(key) ?? list?.items.find((item) => item.metadata.name === name);
      if (before) {
        put(cache, { ...before, spec: { ...before.spec, state: WANTED[verb] } });
      }
      return { before };
    },
    onSuccess: (workspace) => {
      if (workspace?.kind === "Workspace") {
        put(cache, workspace);
      }
    },
    onError: (error, name, context) => {
      if (context?.before) {
        put(cache, context.before);
      }
      tellFailure(t(`workspaces:failed.${verb}`, { name }), error);
    },
  });
}

/** Shows the workspace so, unless the stream has told of a later state of it meanwhile. */
function put(cache: ReturnType<typeof useQueryClient>, workspace: Workspace): void {
  const { name } = workspace.metadata;
  const later = (held: Workspace) => (revision(held) > revision(workspace) ? held : workspace);
  cache.setQueryData<Workspace>(objectKey("workspaces", name), (held) => held && later(held));
  cache.setQueryData<ObjectList<Workspace>>(
    listKey("workspaces"),
    (list) => list && { ...list, items: list.items.map((item) => (item.metadata.name === name ? later(item) : item)) },
  );
}

export const useStart = () => useSwitch("start");
export const useStop = () => useSwitch("stop");

/** Deletes a workspace; its home is kept until it is purged. */
export const useDeleteWorkspace = () => useDelete("workspaces");

/** Removes a deleted workspace and its home for good. */
export function usePurge() {
  const cache = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (name) => answer(client.POST("/api/v1alpha1/workspaces/{name}/purge", { params: { path: { name } } })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: listKey("workspaces") }),
  });
}
