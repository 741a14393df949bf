import { answer, client } from "./client";

type Method = "GET" | "POST" | "PUT";
interface Ask {
  readonly path?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string | boolean | undefined };
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks the server for something of charts, repositories or releases. */
export async function ask<T>(method: Method, path: string, { path: params, query, body, signal }: Ask = {}): Promise<T> {
  const send = client[method] as (path: string, options: object) => Parameters<typeof answer<T>>[0];
  return answer<T>(send(`/api/v1alpha1/${path}`, { params: { path: params, query }, body, signal }));
}
