import { reportSessionOver } from "./client";
import { backoff } from "./backoff";
import { EventParser } from "./sse";
import type { WatchEvent } from "./types";

/** How the stream is doing; `since` is when it was lost, in milliseconds of the epoch. */
export type LiveState = { readonly live: true } | { readonly live: false; readonly since: number };

export interface WatchHandlers {
  readonly event: (event: WatchEvent) => void;
  /** The stream begins anew after this revision: what is held of an older one misses changes. */
  readonly from: (revision: string) => void;
  /** What may be seen has changed, or too much was missed to catch up: everything held is stale. */
  readonly restart: () => void;
  readonly state: (state: LiveState) => void;
}

export interface WatchOptions {
  readonly kinds: readonly string[];
  readonly now?: () => number;
  readonly random?: () => number;
  readonly fetch?: typeof fetch;
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A stream without even a heartbeat for this long is dead though its connection may look open (a laptop that slept). Milliseconds. */
const SILENCE = 45_000;

/**
 * Keeps one stream of changes open until `signal` aborts: reconnects with backoff, resumes after the last revision seen, and says when
 * that is impossible.
 */
export async function watch(options: WatchOptions, handlers: WatchHandlers, signal: AbortSignal): Promise<void> {
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? pause;
  let resume: string | undefined;
  let attempt = 0;
  let lost: number | undefined;
  let expired = false;

  while (!signal.aborted) {
    try {
      await stream(options, resume, signal, {
        opened: () => {
          if (expired) {
            expired = false;
            handlers.restart();
          }
          attempt = 0;
          lost = undefined;
          handlers.state({ live: true });
        },
        event: (event, id) => {
          const begun = resume === undefined;
          resume = id ?? event.object.metadata.resourceVersion ?? resume;
          if (begun && resume !== undefined) {
            handlers.from(resume);
          }
          if (event.type !== "BOOKMARK") {
            handlers.event(event);
          }
        },
        progress: (id) => {
          resume = id;
        },
      });
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof Expired) {
        resume = undefined;
        expired = true;
      } else if (error instanceof SessionOver) {
        reportSessionOver();
        return;
      }
    }
    if (signal.aborted) {
      return;
    }
    lost ??= now();
    handlers.state({ live: false, since: lost });
    await sleep(backoff(attempt, random()), signal);
    attempt += 1;
  }
}

/** The revision asked for is no longer kept. */
class Expired extends Error {}
class SessionOver extends Error {}

interface StreamHandlers {
  readonly opened: () => void;
  readonly event: (event: WatchEvent, id: string | undefined) => void;
  readonly progress: (id: string) => void;
}

async function stream(options: WatchOptions, resume: string | undefined, signal: AbortSignal, on: StreamHandlers): Promise<void> {
  const query = new URLSearchParams({ kinds: options.kinds.join(",") });
  if (resume !== undefined) {
    query.set("resourceVersion", resume);
  }
  const silent = new AbortController();
  const answer = await (options.fetch ?? fetch)(`/api/v1alpha1/watch?${query}`, {
    headers: { accept: "text/event-stream" },
    credentials: "same-origin",
    signal: AbortSignal.any([signal, silent.signal]),
  });
  if (answer.status === 401) {
    throw new SessionOver();
  }
  if (answer.status === 410) {
    throw new Expired();
  }
  if (!answer.ok || !answer.body) {
    throw new Error(`HTTP ${answer.status}`);
  }
  on.opened();
  const parser = new EventParser();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let timer = setTimeout(() => silent.abort(), SILENCE);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), SILENCE);
      for (const event of parser.push(value)) {
        if (event.data !== undefined) {
          take(event.data, event.id, on);
        } else if (event.id !== undefined) {
          on.progress(event.id);
        }
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function take(data: string, id: string | undefined, on: StreamHandlers): void {
  const event = JSON.parse(data) as WatchEvent | { type: "ERROR"; object: { code?: number } };
  if (event.type === "ERROR") {
    const code = (event.object as { code?: number }).code;
    throw code === 410 ? new Expired() : code === 401 ? new SessionOver() : new Error("watch");
  }
  on.event(event as WatchEvent, id);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
