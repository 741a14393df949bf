import { QueryClient } from "@tanstack/react-query";
import { applyToList, applyToObject, RecentEvents, revision } from "./reducer";
import type { AnyObject, Kinds, ObjectList, Plural, WatchEvent } from "./types";

export const KIND_OF: { readonly [P in Plural]: Kinds[P]["kind"] } = {
  clusters: "Cluster",
  groups: "Group",
  bundles: "Bundle",
  sources: "Source",
  teams: "Team",
  users: "User",
  images: "Image",
  templates: "Template",
  workspaces: "Workspace",
  repositories: "Repository",
  releases: "Release",
};
const PLURAL_OF = Object.fromEntries(Object.entries(KIND_OF).map(([plural, kind]) => [kind, plural])) as Record<string, Plural>;

export const recent = new RecentEvents();

/** The revision after which the present stream tells all; lists that show an older one are read again. */
let streamFrom = 0n;
export const isBehind = (list: { metadata?: { resourceVersion?: string } | null }) => revision(list) < streamFrom;

/** A stream begins after `position`: what was read before that is read again, now or when its answer comes. */
export function startFrom(cache: QueryClient, position: string): void {
  streamFrom = revision({ metadata: { resourceVersion: position } });
  void cache.invalidateQueries({
    predicate: ({ queryKey, state }) => {
      // A single object does not say at which revision it was read.
      const list = state.data as ObjectList<AnyObject> | undefined;
      return queryKey[0] === "object" || (queryKey[0] === "list" && list !== undefined && isBehind(list));
    },
  });
}

export const listKey = (plural: Plural) => ["list", plural] as const;
export const objectKey = (plural: Plural, name: string) => ["object", plural, name] as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The stream keeps what is held fresh; a read is repeated when the stream had to start over.
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && "transient" in error && error.transient === true,
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
    },
  });
}

/**
 * Takes an object as a write was answered, without waiting for the stream to tell of it. What the stream told meanwhile is newer than
 * the answer and stays: nothing may come after it that would mend the page.
 */
export function keepAnswered<P extends Plural>(cache: QueryClient, plural: P, object: Kinds[P]): void {
  const answered = recent.catchUpObject<AnyObject>(object);
  cache.setQueryData<AnyObject>(objectKey(plural, object.metadata.name), (held) =>
    held && revision(held) > revision(answered) ? held : answered,
  );
  void cache.invalidateQueries({ queryKey: listKey(plural) });
}

/** Carries one change into every cached list and object it concerns. */
export function patchCache(cache: QueryClient, event: WatchEvent): void {
  recent.add(event);
  const plural = PLURAL_OF[event.object.kind];
  if (!plural) {
    return;
  }
  cache.setQueryData<ObjectList<AnyObject>>(listKey(plural), (list) => list && applyToList(list, event));
  const key = objectKey(plural, event.object.metadata.name);
  const held = cache.getQueryData<AnyObject>(key);
  if (!held) {
    return;
  }
  const next = applyToObject(held, event);
  if (next) {
    cache.setQueryData<AnyObject>(key, next);
  } else {
    // The page that shows it must say that it is gone, which the server's 404 does.
    void cache.invalidateQueries({ queryKey: key });
  }
}
