import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { KIND_OF, patchCache, recent, startFrom } from "../api/live";
import { meQuery } from "../api/session";
import { watch, type LiveState } from "../api/watch";

/** Losses shorter than this are not shown: a reconnect usually takes less. Milliseconds. */
const PATIENCE = 5_000;
/** While there is no stream, what is shown is read again this often. Milliseconds. */
const POLL = 10_000;

const PausedContext = createContext<number | undefined>(undefined);

/** When live updates stopped, if they have for longer than is worth ignoring; milliseconds of the epoch. */
export function useLivePaused(): number | undefined {
  return useContext(PausedContext);
}

/** Keeps the tab's one stream of changes open while somebody is logged in. */
export function LiveUpdates({ on, children }: { readonly on: boolean; readonly children: ReactNode }) {
  const cache = useQueryClient();
  const [state, setState] = useState<LiveState>({ live: true });
  const [paused, setPaused] = useState<number>();

  useEffect(() => {
    if (!on) {
      return undefined;
    }
    const stop = new AbortController();
    const refetch = () => {
      recent.clear();
      void cache.invalidateQueries({ queryKey: ["list"] });
      void cache.invalidateQueries({ queryKey: ["object"] });
      void cache.invalidateQueries({ queryKey: meQuery.queryKey });
    };
    void watch(
      { kinds: Object.keys(KIND_OF) },
      {
        event: (event) => patchCache(cache, event),
        from: (position) => startFrom(cache, position),
        restart: refetch,
        state: setState,
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [cache, on]);

  useEffect(() => {
    if (state.live) {
      setPaused(undefined);
      return undefined;
    }
    const show = setTimeout(() => setPaused(state.since), Math.max(0, state.since + PATIENCE - Date.now()));
    const poll = setInterval(() => {
      void cache.invalidateQueries({ queryKey: ["list"] });
      void cache.invalidateQueries({ queryKey: ["object"] });
    }, POLL);
    return () => {
      clearTimeout(show);
      clearInterval(poll);
    };
  }, [state, cache]);

  return <PausedContext.Provider value={paused}>{children}</PausedContext.Provider>;
}
