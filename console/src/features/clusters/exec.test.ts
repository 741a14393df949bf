import { expect, test } from "vitest";
import { endOf, execPath, openShell, type End } from "./exec";

const target = { cluster: "java", namespace: "web", pod: "a-0", container: "main" };

/** A socket in whose place a test speaks for Kubernetes. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = 0;
  binaryType = "";
  readonly sent: number[][] = [];
  constructor(
    readonly url: URL,
    readonly protocols: readonly string[],
  ) {
    super();
    FakeSocket.last = this;
  }
  send(data: Uint8Array) {
    this.sent.push([...data]);
  }
  close() {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { reason: "" }));
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }
  says(channel: number, text: string) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: Uint8Array.from([channel, ...new TextEncoder().encode(text)]).buffer }));
  }
}

function open() {
  const said: string[] = [];
  const ends: [End, boolean][] = [];
  const shell = openShell(
    target,
    {
      opened: () => said.push("(open)"),
      output: (data) => said.push(new TextDecoder().decode(data)),
      ended: (...end) => ends.push(end),
    },
    FakeSocket as unknown as typeof WebSocket,
  );
  return { shell, said, ends, socket: FakeSocket.last };
}

test("a shell is asked for in the container, as one terminal", () => {
  const url = new URL(execPath(target), "http://x");
  expect(url.pathname).toBe("/api/v1alpha1/clusters/java/kubernetes/api/v1/namespaces/web/pods/a-0/exec");
  expect(url.searchParams.get("container")).toBe("main");
  expect(url.searchParams.get("tty")).toBe("true");
  expect(url.searchParams.getAll("command").slice(0, 2)).toEqual(["sh", "-c"]);
});

test("streams are told apart by the first byte of each message", () => {
  const { shell, said, ends, socket } = open();
  expect(socket.url.protocol).toBe("ws:");
  expect(socket.protocols).toContain("v4.channel.k8s.io");
  shell.type("lost: not open yet");
  expect(socket.sent).toEqual([]);
  socket.open();
  socket.says(1, "");
  socket.says(1, "$ ");
  socket.says(2, "oops");
  shell.type("é");
  shell.resize(80, 24);
  expect(said).toEqual(["(open)", "$ ", "oops"]);
  expect(socket.sent[0]).toEqual([0, 0xc3, 0xa9]);
  expect(socket.sent[1]?.[0]).toBe(4);
  expect(JSON.parse(new TextDecoder().decode(Uint8Array.from(socket.sent[1]?.slice(1) ?? [])))).toEqual({ Width: 80, Height: 24 });
  socket.says(3, JSON.stringify({ status: "Failure", reason: "NonZeroExitCode", details: { causes: [{ reason: "ExitCode", message: "3" }] } }));
  socket.close();
  expect(ends).toEqual([[{ code: 3 }, true]]);
});

test("what keeps a shell from opening is told from its end", () => {
  const { ends, socket } = open();
  socket.close();
  expect(ends).toEqual([[{}, false]]);
  expect(endOf(JSON.stringify({ status: "Success" }))).toEqual({ code: 0 });
  expect(endOf(JSON.stringify({ status: "Failure", message: "no such container" }))).toEqual({ message: "no such container" });
  expect(endOf("plain words")).toEqual({ message: "plain words" });
});
