import createClient from "openapi-fetch";
import { ApiError, toApiError, unreachable } from "./errors";
import type { paths } from "./schema";

/** Told when any answer says that the session is over, so that one dialog asks to log in again and every form stays as it is. */
type SessionOver = () => void;
let sessionOver: SessionOver = () => undefined;

export function onSessionOver(listener: SessionOver): void {
  sessionOver = listener;
}

export function reportSessionOver(): void {
  sessionOver();
}

/** Told when the server answers nothing else before this person has a password that nobody else knows. */
type PasswordDue = () => void;
let passwordDue: PasswordDue = () => undefined;

export function onPasswordDue(listener: PasswordDue): void {
  passwordDue = listener;
}

/** The one way to the server: typed by the server's own OpenAPI document. Same origin, so the session's cookie goes along. */
export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  credentials: "same-origin",
  // Looked up at each call, so that tests can stand in for the server.
  fetch: (request) => fetch(request),
});

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** Unwraps an answer of the client's: the data, or a thrown ApiError. */
export async function answer<T>(request: Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>;
  try {
    result = await request;
  } catch (cause) {
    if (cause instanceof ApiError || (cause instanceof DOMException && cause.name === "AbortError")) {
      throw cause;
    }
    throw unreachable(cause);
  }
  if (!result.response.ok) {
    if (result.response.status === 401 && !result.response.url.endsWith("/login")) {
      reportSessionOver();
    }
    const refusal = toApiError(result.response.status, result.error);
    if (refusal.reason === "MustChangePassword") {
      passwordDue();
    }
    throw refusal;
  }
  return result.data as T;
}

/**
 * Asks again, twice at most, when no answer came at all: a browser drops what is under way whenever its computer's network changes. Only for
 * what may be done twice with the same result: starting, stopping, logging in.
 */
export async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      return await ask();
    } catch (error) {
      if (attempt === 3 || !(error instanceof ApiError) || error.code !== 0) {
        throw error;
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await new Promise((resolve) => setTimeout(resolve, 400 * attempt));
    }
  }
}
