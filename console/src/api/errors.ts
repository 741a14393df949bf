import type { Status, StatusCause } from "./types";

/** What the server answered instead of the thing asked for, or why it could not be asked. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came at all. */
  readonly code: number;
  /** A word of the server's, such as `Conflict` or `Invalid`, to be translated by `reasons:<word>`. */
  readonly reason: string;
  readonly kind: string | undefined;
  readonly object: string | undefined;
  readonly causes: readonly StatusCause[];

  constructor(status: Pick<Status, "code" | "reason" | "message" | "details">) {
    super(status.message);
    this.name = "ApiError";
    this.code = status.code;
    this.reason = status.reason;
    this.kind = status.details?.kind ?? undefined;
    this.object = status.details?.name ?? undefined;
    this.causes = status.details?.causes ?? [];
  }

  /** Whether sending the same request again can help: the network, or a server that is starting. */
  get transient(): boolean {
    return this.code === 0 || this.code === 502 || this.code === 503 || this.code === 504;
  }
}

/** Reads the body of a refused request; one that is not a Status (a proxy's page, say) still yields a usable error. */
export function toApiError(code: number, body: unknown): ApiError {
  if (isStatus(body)) {
    return new ApiError({ ...body, code: body.code || code });
  }
  const text = typeof body === "string" && body.length > 0 && body.length < 300 && !body.startsWith("<") ? body : "";
  return new ApiError({ code, reason: reasonOf(code), message: text || `HTTP ${code}` });
}

/** The error for a request that got no answer. */
export function unreachable(cause: unknown): ApiError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ApiError({ code: 0, reason: "Unreachable", message });
}

function isStatus(body: unknown): body is Status {
  return typeof body === "object" && body !== null && "reason" in body && "message" in body;
}

function reasonOf(code: number): string {
  switch (code) {
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 422:
      return "Invalid";
    default:
      return code >= 500 ? "InternalError" : "BadRequest";
  }
}

/** Anything thrown, as an ApiError, so that a page has one thing to show. */
export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : unreachable(error);
}

/** The message for a form field, by its path in the object (`spec.team`): about itself, or about something within it (`spec.team.name`,
 * `spec.team[0]`). Causes without a field belong in the summary only. */
export function fieldError(error: ApiError | undefined, path: string): StatusCause | undefined {
  return error?.causes.find(({ field }) => field === path || field?.startsWith(`${path}.`) || field?.startsWith(`${path}[`));
}
