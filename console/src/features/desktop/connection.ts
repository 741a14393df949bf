import type RFB from "@novnc/novnc";
import { backoff } from "../../api/backoff";
import { measureLatency } from "./latency";
import { levels, type Preferences } from "./preferences";

/** How the picture is doing. */
export type ConnectionState =
  | { readonly phase: "connecting"; readonly attempt: number }
  | { readonly phase: "connected" }
  /** Lost, and tried again at `retryAt` (milliseconds of the epoch). */
  | { readonly phase: "lost"; readonly attempt: number; readonly retryAt: number; readonly why: CloseReason }
  /** The right to it was taken away: trying again is of no use. */
  | { readonly phase: "refused" };

/** Why the server ended the stream; `Lost` when nobody said. */
export type CloseReason = "Stopped" | "Refused" | "AgentAway" | "SessionOver" | "DesktopSilent" | "DesktopEnded" | "ServerStopping" | "Lost";

// The gateway's own codes (crates/gateway/src/reason.rs).
const REASONS: ReadonlyMap<number, CloseReason> = new Map([
  [1001, "ServerStopping"],
  [4001, "Stopped"],
  [4002, "Refused"],
  [4003, "AgentAway"],
  [4004, "SessionOver"],
  [4005, "DesktopSilent"],
  [4006, "DesktopEnded"],
]);

export const closeReason = (code: number): CloseReason => REASONS.get(code) ?? "Lost";

export interface ConnectionHandlers {
  readonly state: (state: ConnectionState) => void;
  readonly latency: (milliseconds: number | undefined) => void;
  readonly clipboard: (text: string) => void;
  /** The stream ended: what the page believes of workspace and session may be out of date. */
  readonly lost: (why: CloseReason) => void;
  /** The picture as it was last, to be shown dimmed until there is a new one; `undefined` once there is. */
  readonly snapshot: (canvas: HTMLCanvasElement | undefined) => void;
}

/** A connection that ends sooner than this after it was made does not count as having worked. Milliseconds. */
const STEADY = 5_000;
/** How long a connection may take to show a picture. Milliseconds. */
const PATIENCE = 15_000;

/**
 * One desktop in one element: connects, and connects again after every loss until it is closed. Whether the workspace runs at all is not
 * its business: the page closes it when it does not.
 */
export class DesktopConnection {
  private rfb: RFB | undefined;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private end: (() => void) | undefined;
  private measured: number | undefined;
  private readonly retryNow = () => {
    if (this.timer !== undefined && !this.rfb) {
      clearTimeout(this.timer);
      this.open();
    }
  };

  constructor(
    private readonly target: HTMLElement,
    private readonly url: string,
    private preferences: Preferences,
    private readonly on: ConnectionHandlers,
  ) {
    window.addEventListener("online", this.retryNow);
    this.open();
  }

  close(): void {
    this.closed = true;
    window.removeEventListener("online", this.retryNow);
    clearTimeout(this.timer);
    this.end?.();
    this.rfb?.disconnect();
    this.rfb = undefined;
  }

  /** Tries at once instead of waiting for the next attempt. */
  retry(): void {
    this.retryNow();
  }

  configure(preferences: Preferences): void {
    this.preferences = preferences;
    this.apply();
  }

  focus(): void {
    this.rfb?.focus({ preventScroll: true });
  }

  paste(text: string): void {
    this.rfb?.clipboardPasteFrom(text);
  }

  readonly send = (keysym: number, code: string | null, down: boolean): void => {
    this.rfb?.sendKey(keysym, code, down);
  };

  private open(): void {
    this.timer = undefined;
    this.on.state({ phase: "connecting", attempt: this.attempt });
    void import("@novnc/novnc").then(
      ({ default: Rfb }) => {
        if (!this.closed && !this.rfb) {
          this.attach(Rfb);
        }
      },
      () => this.lost(),
    );
  }

  private attach(Rfb: typeof RFB): void {
    // Our own socket, so that the time of the way there and back can be taken on it.
    const socket = new WebSocket(this.url, ["binary"]);
    socket.binaryType = "arraybuffer";
    const rfb = new Rfb(this.target, socket, { shared: true });
    this.rfb = rfb;
    this.apply();
    rfb.background = "transparent";
    rfb.focusOnClick = true;
    let canvas: HTMLCanvasElement | null = null;
    let since: number | undefined;
    let stopMeasuring: (() => void) | undefined;
    let why: CloseReason = "Lost";
    socket.addEventListener("close", (event) => {
      why = closeReason(event.code);
    });
    const slow = setTimeout(() => rfb.disconnect(), PATIENCE);

    rfb.addEventListener("connect", () => {
      clearTimeout(slow);
      since = performance.now();
      canvas = this.target.querySelector("canvas");
      canvas?.setAttribute("tabindex", "0");
      this.on.state({ phase: "connected" });
      // The first update follows the connection at once: the old picture covers the blank canvas until then.
      setTimeout(() => !this.closed && this.rfb === rfb && this.on.snapshot(undefined), 200);
      stopMeasuring = measureLatency(socket, {
        measured: (milliseconds) => {
          this.measured = milliseconds;
          this.apply();
          this.on.latency(milliseconds);
        },
        dead: () => rfb.disconnect(),
      });
    });
    rfb.addEventListener("clipboard", (event) => this.on.clipboard(event.detail.text));
    this.end = () => {
      clearTimeout(slow);
      stopMeasuring?.();
    };
    rfb.addEventListener("disconnect", () => {
      this.end?.();
      if (this.closed || this.rfb !== rfb) {
        return;
      }
      this.rfb = undefined;
      this.on.latency(undefined);
      if (canvas && since !== undefined) {
        this.on.snapshot(copy(canvas));
      }
      if (since !== undefined && performance.now() - since > STEADY) {
        this.attempt = 0;
      }
      this.lost(why);
    });
  }

  private lost(why: CloseReason = "Lost"): void {
    if (this.closed) {
      return;
    }
    this.on.lost(why);
    if (why === "Refused") {
      this.on.state({ phase: "refused" });
      return;
    }
    const wait = backoff(this.attempt, Math.random());
    this.attempt += 1;
    this.on.state({ phase: "lost", attempt: this.attempt, retryAt: Date.now() + wait, why });
    this.timer = setTimeout(() => this.open(), wait);
  }

  private apply(): void {
    const { rfb, preferences } = this;
    if (!rfb) {
      return;
    }
    rfb.resizeSession = preferences.resize === "follow";
    rfb.scaleViewport = preferences.resize === "fit";
    const { quality, compression } = levels(preferences.quality, this.measured);
    rfb.qualityLevel = quality;
    rfb.compressionLevel = compression;
  }
}

function copy(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const snapshot = document.createElement("canvas");
  snapshot.width = canvas.width;
  snapshot.height = canvas.height;
  snapshot.getContext("2d")?.drawImage(canvas, 0, 0);
  return snapshot;
}
