/** RFC 6143, 7.5.3: FramebufferUpdateRequest, not incremental, for one pixel: the server must answer at once. */
const PROBE = new Uint8Array([3, 0, 0, 0, 0, 0, 0, 1, 0, 1]);

/** An answer that took longer than this will not come: the connection is dead though nobody said so. Milliseconds. */
export const DEAD = 8_000;
const EVERY = 3_000;
/** Only on a quiet line is the next message the answer to the question. Milliseconds. */
const QUIET = 60;
const KEPT = 5;

export interface LatencyHandlers {
  readonly measured: (milliseconds: number) => void;
  readonly dead: () => void;
}

/**
 * Measures the way there and back: through server, tunnel and relay to the desktop itself, which a WebSocket ping (answered by the first
 * of them) would not show. Returns what ends it.
 */
export function measureLatency(socket: WebSocket, on: LatencyHandlers): () => void {
  let asked: number | undefined;
  let heard = performance.now();
  const samples: number[] = [];

  const answered = () => {
    const now = performance.now();
    if (asked !== undefined) {
      samples.push(now - asked);
      asked = undefined;
      if (samples.length > KEPT) {
        samples.shift();
      }
      on.measured(median(samples));
    }
    heard = now;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (asked !== undefined) {
      if (now - asked > DEAD) {
        on.dead();
      }
    } else if (socket.readyState === WebSocket.OPEN && now - heard > QUIET) {
      asked = now;
      socket.send(PROBE);
    }
  }, EVERY);

  socket.addEventListener("message", answered);
  return () => {
    clearInterval(timer);
    socket.removeEventListener("message", answered);
  };
}

/** The middle of what was measured, so that one hiccup is not shown as the state of the line. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
