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
  const options = { params: { path: params, query }, body, signal } as never;
  return (await answer(client[method](`/api/v1alpha1/${path}` as never, options) as never)) as T;
}
