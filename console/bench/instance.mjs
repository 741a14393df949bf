// What the bench needs of a running instance: somebody who can log in, and a workspace of theirs that runs.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

const program = process.env.NAGAYA_BIN ?? "nagaya";

/** Runs the command line; `input` goes to its standard input. */
export async function nagaya(words, input = "") {
  const running = promisify(execFile)(program, words);
  running.child.stdin.end(input);
  return (await running).stdout;
}

/** An administrator of the bench's own: those of the instance have passwords nobody here knows. */
export async function person() {
  if (process.env.NAGAYA_USER && process.env.NAGAYA_PASSWORD) {
    return { user: process.env.NAGAYA_USER, password: process.env.NAGAYA_PASSWORD };
  }
  const [user, password] = [`bench-${Date.now().toString(36)}`, randomBytes(18).toString("base64url")];
  await nagaya(["user", "create", user, "--admin"], `${password}\n`);
  return { user, password };
}

/** The name of a workspace that runs: NAGAYA_WORKSPACE, or the first. */
export async function workspace() {
  const list = JSON.parse(await nagaya(["get", "workspaces", "-o", "json"]));
  const running = list.items.filter((item) => item.status?.phase === "Running").map((item) => item.metadata.name);
  const name = process.env.NAGAYA_WORKSPACE ?? running[0];
  if (!running.includes(name)) {
    throw new Error(name ? `workspace ${name} does not run` : "no workspace runs: start one");
  }
  return name;
}

/** The process of a workspace's X server on this host, found by the host name of its pod. */
export function xServerOf(name) {
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      if (/^[^\0]*X(tiger)?vnc\0/.test(command) && environment.includes(`HOSTNAME=${name}-0`)) {
        return Number(pid);
      }
    } catch {
      // it ended while it was looked at
    }
  }
  throw new Error(`the X server of ${name} is not on this host: only workspaces of local clusters can be measured`);
}
