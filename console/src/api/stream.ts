import { reportSessionOver } from "./client";
import { toApiError, unreachable } from "./errors";

/** Reads an endless text, line by line, until it ends or `signal` aborts. */
export async function streamText(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", signal });
  } catch (cause) {
    throw unreachable(cause);
  }
  if (!response.ok || !response.body) {
    const text = await response.text();
    if (response.status === 401) {
      reportSessionOver();
    }
    throw toApiError(response.status, parsed(text));
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      onLine(line);
    }
  }
  if (rest !== "") {
    onLine(rest);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Reads what Kubernetes answers through a cluster's agent; the server's document does not describe it, Kubernetes' own does. */
export async function readJson<T>(path: string, signal?: AbortSignal, accept = "application/json"): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", headers: { accept }, signal });
  } catch (cause) {
    throw signal?.aborted ? cause : unreachable(cause);
  }
  const body = parsed(await response.text());
  if (!response.ok) {
    if (response.status === 401) {
      reportSessionOver();
    }
    throw toApiError(response.status, body);
  }
  return body as T;
}
