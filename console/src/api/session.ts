import { queryOptions } from "@tanstack/react-query";
import { answer, client, persistently } from "./client";
import { unreachable, type ApiError } from "./errors";
import type { Me } from "./types";

/** Who is logged in; `null` when nobody is. */
export const meQuery = queryOptions<Me | null, ApiError>({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const { data, error, response } = await client.GET("/api/v1alpha1/me", { signal }).catch((cause: unknown) => {
      throw signal.aborted ? cause : unreachable(cause);
    });
    // Not being logged in is an answer here, not a fault, so the dialog over the page stays away.
    if (response.status === 401) {
      return null;
    }
    return answer(Promise.resolve({ data, error, response })) as Promise<Me>;
  },
  staleTime: Infinity,
});

export async function login(user: string, password: string): Promise<void> {
  await persistently(() => answer(client.POST("/api/v1alpha1/login", { body: { user, password } })));
}

export async function logout(): Promise<void> {
  await answer(client.POST("/api/v1alpha1/logout", {}));
}

/** What a person is, for choosing home page and menu. What is allowed is decided by the server alone. */
export type Role = "admin" | "team-admin" | "member";
export function roleOf(me: Me): Role {
  if (me.admin) {
    return "admin";
  }
  return me.teams.some((team) => team.role === "team-admin") ? "team-admin" : "member";
}
