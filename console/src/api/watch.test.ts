import { expect, test } from "vitest";
import { backoff } from "./backoff";
import { EventParser } from "./sse";
import { watch, type LiveState } from "./watch";

const line = (type: string, revision: number, name = "a") =>
  `id: ${revision}\ndata: ${JSON.stringify({ type, object: { kind: "Workspace", metadata: { name, resourceVersion: String(revision) } } })}\n\n`;

/** Plays answers one after the other; after the last the watch is stopped. */
async function play(answers: (() => Response)[]) {
  const stop = new AbortController();
  const asked: string[] = [];
  const told: string[] = [];
  const states: LiveState[] = [];
  await watch(
    {
      kinds: ["workspaces"],
      now: () => 1000,
      random: () => 0,
      sleep: async () => undefined,
      fetch: async (address) => {
        asked.push(new URL(String(address), "http://x").searchParams.get("resourceVersion") ?? "new");
        const next = answers.shift();
        if (!next) {
          stop.abort();
          throw new Error("no more");
        }
        return next();
      },
    },
    {
      event: (event) => told.push(`${event.type} ${event.object.metadata.name}`),
      from: (revision) => told.push(`from ${revision}`),
      restart: () => told.push("restart"),
      state: (state) => states.push(state),
    },
    stop.signal,
  );
  return { asked, told, states };
}
const stream = (...lines: string[]) => () => new Response(lines.join(""), { status: 200 });

test("a broken stream is resumed after the last revision seen, and nothing is read anew", async () => {
  const { asked, told } = await play([stream(line("BOOKMARK", 5, ""), line("ADDED", 7)), stream(line("MODIFIED", 8))]);
  expect(asked).toEqual(["new", "7", "8"]);
  expect(told).toEqual(["from 5", "ADDED a", "MODIFIED a"]);
});

test("when the server cannot resume, everything is read anew", async () => {
  const { asked, told } = await play([
    stream(line("BOOKMARK", 5, "")),
    () => new Response("", { status: 410 }),
    stream(line("BOOKMARK", 90, "")),
  ]);
  expect(asked).toEqual(["new", "5", "new", "90"]);
  expect(told).toEqual(["from 5", "restart", "from 90"]);
});

test("what the server says within the stream counts as well", async () => {
  const gone = `data: ${JSON.stringify({ type: "ERROR", object: { code: 410, reason: "Expired" } })}\n\n`;
  const { asked, told } = await play([stream(line("BOOKMARK", 5, ""), gone), stream(line("BOOKMARK", 6, ""))]);
  expect(asked).toEqual(["new", "new", "6"]);
  expect(told).toEqual(["from 5", "restart", "from 6"]);
});

test("a session that is over ends the watch at once", async () => {
  const { asked } = await play([() => new Response("", { status: 401 }), stream(line("ADDED", 7))]);
  expect(asked).toEqual(["new"]);
});

test("it says since when it is lost, not since the last attempt", async () => {
  const { states } = await play([stream(line("BOOKMARK", 5, "")), () => new Response("", { status: 503 })]);
  expect(states).toEqual([{ live: true }, { live: false, since: 1000 }, { live: false, since: 1000 }]);
});

test("server-sent events survive any border between chunks", () => {
  const text = "id: 1\ndata: one\n\n: comment\n\nid: 2\r\ndata: two\r\ndata: lines\r\n\r\n";
  const whole = new EventParser().push(text);
  for (let at = 1; at < text.length; at += 1) {
    const parser = new EventParser();
    expect([...parser.push(text.slice(0, at)), ...parser.push(text.slice(at))]).toEqual(whole);
  }
  expect(whole.map((event) => event.data)).toEqual(["one", undefined, "two\nlines"]);
});

test("waiting grows from half a second to ten, never more, and leaves half to chance", () => {
  expect(backoff(0, 0)).toBe(500);
  expect(backoff(3, 0)).toBe(2000);
  expect(backoff(3, 0.999)).toBeLessThanOrEqual(4000);
  for (let attempt = 0; attempt < 60; attempt += 1) {
    for (const chance of [0, 0.5, 0.999]) {
      expect(backoff(attempt, chance)).toBeGreaterThanOrEqual(500);
      expect(backoff(attempt, chance)).toBeLessThanOrEqual(10_000);
    }
  }
});
