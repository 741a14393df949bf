import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { logout, meQuery } from "../api/session";

/** Ends the session and leads home, where the next person logs in; nothing of what was read stays. */
export function useLogOut(): () => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await logout();
    // The session's own query stays, told that nobody is there: what is drawn watches it, and would not see a new one in its place.
    cache.setQueryData(meQuery.queryKey, null);
    cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    cache.getMutationCache().clear();
    await navigate("/");
  };
}
