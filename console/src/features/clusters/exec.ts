/* Kubernetes' exec over a WebSocket: subprotocols v4 and v5.channel.k8s.io (k8s.io/apimachinery/pkg/util/remotecommand). Each message is
 * binary; its first byte says of which stream it is. */
import { kubernetesPath } from "./kubernetes";
import { podPath } from "./workloads";

const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** The best shell there is, told what terminal it talks to. */
const SHELL = "TERM=xterm-256color; export TERM; if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";

export interface Target {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Where a shell in a container is opened, from the console's origin. */
export function execPath({ cluster, namespace, pod, container }: Target): string {
  const query = new URLSearchParams({ container, stdin: "true", stdout: "true", tty: "true" });
  for (const word of ["sh", "-c", SHELL]) {
    query.append("command", word);
  }
  return kubernetesPath(cluster, `${podPath(namespace, pod)}/exec?${query}`);
}

/** How a shell ended: with an exit code, or with what kept it from going on; with neither when the connection just broke. */
export interface End {
  readonly code?: number;
  readonly message?: string;
}

/** What the error channel says at the end: a `Status` of Kubernetes. */
export function endOf(text: string): End {
  try {
    const status = JSON.parse(text) as { status?: string; reason?: string; message?: string; details?: { causes?: { reason?: string; message?: string }[] } };
    if (status.status === "Success") {
      return { code: 0 };
    }
    const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
    return code === undefined ? { message: status.message ?? text } : { code: Number(code) };
  } catch {
    return { message: text };
  }
}

interface Handlers {
  readonly opened: () => void;
  readonly output: (data: Uint8Array) => void;
  /** Called once, whether it ever opened or not. */
  readonly ended: (end: End, opened: boolean) => void;
}

export interface Shell {
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly close: () => void;
}

/** Opens a shell in a container. */
export function openShell(target: Target, on: Handlers, Socket: typeof WebSocket = WebSocket): Shell {
  const url = new URL(execPath(target), location.origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new Socket(url, PROTOCOLS);
  socket.binaryType = "arraybuffer";
  const encoder = new TextEncoder();
  let opened = false;
  let end: End = {};
  const send = (channel: number, text: string) => {
    if (socket.readyState === Socket.OPEN) {
      const data = encoder.encode(text);
      const message = new Uint8Array(data.length + 1);
      message[0] = channel;
      message.set(data, 1);
      socket.send(message);
    }
  };
  socket.addEventListener("open", () => {
    opened = true;
    on.opened();
  });
  socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
    const message = new Uint8Array(data);
    const content = message.subarray(1);
    if (message[0] === CHANNEL.stdout || message[0] === CHANNEL.stderr) {
      // An empty one comes first on each channel, to say that it is there.
      if (content.length > 0) {
        on.output(content);
      }
    } else if (message[0] === CHANNEL.error && content.length > 0) {
      end = endOf(new TextDecoder().decode(content));
    }
  });
  socket.addEventListener("close", ({ reason }) => on.ended(reason && end.code === undefined && !end.message ? { message: reason } : end, opened), {
    once: true,
  });
  return {
    type: (text) => send(CHANNEL.stdin, text),
    resize: (columns, rows) => send(CHANNEL.resize, JSON.stringify({ Width: columns, Height: rows })),
    close: () => socket.close(),
  };
}
