import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";

// A terminal needs a layout, which tests have none of; its protocol is tested in exec.test.ts.
vi.mock("./Terminal", () => ({
  default: ({ target }: { target: { namespace: string; pod: string; container: string } }) => (
    <output>{`shell of ${target.namespace}/${target.pod}/${target.container}`}</output>
  ),
}));

const cluster = (connected: boolean) => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Cluster",
  metadata: { name: "java", resourceVersion: "1" },
  spec: { provider: "import" },
  status: { phase: "Ready", agent: { connected, since: "2026-11-01T00:00:00Z" } },
});
const table = (columns: readonly string[], ...rows: readonly (readonly unknown[])[]) => ({
  columnDefinitions: columns.map((name) => ({ name })),
  rows: rows.map((cells) => ({ cells, object: { metadata: { name: cells[0], namespace: cells.at(-1) } } })),
  metadata: {},
});
const KUBERNETES: Record<string, unknown> = {
  "api/v1/namespaces": { items: [{ metadata: { name: "web" } }, { metadata: { name: "db" } }] },
  "apis/apps/v1/deployments": table(["Name", "Ready"], ["front", "1/2", "web"]),
  "apis/apps/v1/statefulsets": table(["Name", "Ready"]),
  "apis/apps/v1/daemonsets": table(["Name", "Desired", "Ready"]),
  "api/v1/pods": table(["Name", "Ready", "Status", "Restarts", "Node"], ["front-1", "2/2", "Running", 0, "n1", "web"], ["db-0", "0/1", "Error", 4, "n1", "db"]),
  "api/v1/namespaces/db/pods": table(["Name", "Ready", "Status", "Restarts", "Node"], ["db-0", "0/1", "Error", 4, "n1", "db"]),
  "api/v1/namespaces/web/pods/front-1": {
    metadata: { name: "front-1", uid: "u" },
    spec: { containers: [{ name: "main" }, { name: "side" }], nodeName: "n1" },
    status: { phase: "Running" },
  },
  "api/v1/nodes": { items: [{ metadata: { name: "n1" }, spec: {}, status: { allocatable: { pods: "110" }, conditions: [{ type: "Ready", status: "True" }] } }] },
};

function server(connected = true): Server {
  return (_, path) => {
    if (path === "me") {
      return { body: ADMIN };
    }
    if (path === "clusters/java") {
      return { body: cluster(connected) };
    }
    const below = path.replace(/^clusters\/java\/kubernetes\//, "");
    if (below === path) {
      return undefined;
    }
    return KUBERNETES[below] === undefined ? refusal(404, "NotFound") : { body: KUBERNETES[below] };
  };
}
const patience = { timeout: 20_000 };

test("all workloads are in one table, which can be narrowed to what is not as it should be and to a namespace", async () => {
  const { at, asked } = await openConsole("/clusters/java/workloads", server());
  const grid = await screen.findByRole("grid", { name: "Workloads" }, patience);
  await within(grid).findByText("db-0");
  expect(within(grid).getAllByRole("row")).toHaveLength(4);
  fireEvent.click(screen.getByRole("button", { name: /^Status/, expanded: false }));
  fireEvent.click(await screen.findByRole("option", { name: "Not as it should be" }));
  await waitFor(() => expect(within(grid).queryByText("front-1")).toBeNull());
  expect(within(grid).getByText("1/2")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: /^Namespace/, expanded: false }));
  fireEvent.click(await screen.findByRole("option", { name: "db" }));
  await waitFor(() => expect(asked).toContain("GET clusters/java/kubernetes/api/v1/namespaces/db/pods"));
  expect(at()).toBe("/clusters/java/workloads?wrong=1&ns=db");
});

test("a pod leads to its log and to a shell in the container one chooses", async () => {
  const { at, asked } = await openConsole("/clusters/java/workloads", server());
  fireEvent.click(await screen.findByRole("button", { name: "front-1" }, patience));
  await waitFor(() => expect(asked).toContain("GET clusters/java/kubernetes/api/v1/namespaces/web/pods/front-1/log"));
  expect(at()).toBe("/clusters/java/workloads?pod=web%2Ffront-1");
  fireEvent.click(screen.getByRole("button", { name: "Shell" }));
  expect(await screen.findByText("shell of web/front-1/main")).toBeDefined();
  fireEvent.change(screen.getByLabelText("Container"), { target: { value: "side" } });
  expect(await screen.findByText("shell of web/front-1/side")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "All workloads" }));
  await waitFor(() => expect(at()).toBe("/clusters/java/workloads"));
});

test("a cluster tells where each of its bundles stands, in the list and on its page", async () => {
  const bundle = {
    kind: "Bundle",
    metadata: { name: "base", resourceVersion: "1" },
    spec: { groups: [], objects: [] },
    status: {
      clusters: [
        { cluster: "java", state: "Failed", version: 1, message: "refused by the cluster", drift: { count: 2 } },
        { cluster: "other", state: "Ready", version: 1 },
      ],
    },
  };
  const list = (...items: unknown[]) => ({ body: { metadata: { resourceVersion: "1" }, items } });
  const { at } = await openConsole("/clusters", (method, path, body) =>
    path === "bundles" ? list(bundle) : path === "clusters" ? list(cluster(true)) : server()(method, path, body),
  );
  fireEvent.click(await screen.findByRole("link", { name: "1 not ready 2 put back" }, patience));
  expect(await screen.findByText("refused by the cluster", {}, patience)).toBeDefined();
  expect(at()).toBe("/clusters/java/bundles");
  expect(screen.getByRole("link", { name: "Difference" }).getAttribute("href")).toBe("/bundles/base?on=java");
});

test("nodes tell how many pods they have", async () => {
  await openConsole("/clusters/java/nodes", server());
  expect(await screen.findByText("2 of 110", {}, patience)).toBeDefined();
});

test.each(["workloads", "nodes", "events"])("while the agent is away, %s say so and ask nothing of it", async (tab) => {
  const { asked } = await openConsole(`/clusters/java/${tab}`, server(false));
  expect(await screen.findByText(/agent is not connected/, {}, patience)).toBeDefined();
  expect(asked.filter((one) => one.includes("kubernetes"))).toEqual([]);
});

test("whoever deletes an imported cluster says what becomes of what Nagaya put there", async () => {
  const { asked } = await openConsole("/clusters/java", server());
  fireEvent.click(await screen.findByRole("button", { name: "Delete" }, patience));
  const dialog = await screen.findByRole("dialog");
  expect((within(dialog).getByRole("radio", { name: "Keep it" }) as HTMLInputElement).checked).toBe(true);
  fireEvent.click(within(dialog).getByRole("radio", { name: "Remove it" }));
  fireEvent.change(within(dialog).getByRole("textbox"), { target: { value: "java" } });
  fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(asked).toContain("DELETE clusters/java?objects=remove"));
});

test("what a restored server would remove is listed, and goes once somebody has seen and confirmed it", async () => {
  const held = cluster(true);
  const waiting = { count: 3, objects: ["Secret web/old", "ConfigMap web/older"], incarnation: "two" };
  const facts = { networkPolicy: "NotEnforced", network: "Flannel", networkTried: "2026-11-01T00:00:00Z", kubernetesLatencyMs: 12 };
  const agent = { connected: true, version: "0.1.0", update: { version: "0.2.0", since: "2026-11-01T00:00:00Z" } };
  const restored = { ...held, status: { ...held.status, agent, facts, intent: { desired: 2, applied: 2, unconfirmed: waiting } } };
  let written: unknown;
  const { asked } = await openConsole("/clusters/java", (method, path, body) => {
    if (path !== "clusters/java") {
      return server()(method, path, body);
    }
    if (method === "PUT") {
      written = body;
    }
    return { body: method === "PUT" ? body : restored };
  });
  expect(await screen.findByText("3 objects wait to be removed", { exact: false }, patience)).toBeDefined();
  expect(screen.getByText("Secret web/old")).toBeDefined();
  expect(screen.getByText("and 1 more")).toBeDefined();
  expect(screen.getByText("Not enforced (Flannel)")).toBeDefined();
  expect(screen.getByText("12 ms")).toBeDefined();
  expect(screen.getByText("0.1.0, becomes 0.2.0")).toBeDefined();
  expect(screen.getByText("NetworkPolicies tried")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Remove them" }));
  const dialog = await screen.findByRole("dialog");
  const remove = within(dialog).getByRole("button", { name: "Remove them" }) as HTMLButtonElement;
  expect(remove.disabled).toBe(true);
  fireEvent.change(within(dialog).getByRole("textbox"), { target: { value: "java" } });
  fireEvent.click(remove);
  await waitFor(() => expect(asked).toContain("PUT clusters/java"));
  expect(written).toMatchObject({ metadata: { annotations: { "nagaya.dev/confirm-prune": "two" } } });
  await waitFor(() => expect(screen.queryByText("Secret web/old")).toBeNull());
});

test("the updates of a cluster's agent are paused and resumed on its page", async () => {
  let annotations: Record<string, string> = { "team.example/keep": "this" };
  const puts: unknown[] = [];
  const serves = server();
  await openConsole("/clusters/java", (method, path, body) => {
    if (path === "clusters/java") {
      if (method === "PUT") {
        puts.push(body);
        ({ annotations } = (body as { metadata: { annotations: Record<string, string> } }).metadata);
      }
      return { body: { ...cluster(true), metadata: { ...cluster(true).metadata, annotations } } };
    }
    return serves(method, path, body);
  });
  fireEvent.click(await screen.findByRole("button", { name: "Pause" }, patience));
  fireEvent.click(await screen.findByRole("button", { name: "Resume" }, patience));
  await screen.findByRole("button", { name: "Pause" }, patience);
  expect(puts).toMatchObject([
    { metadata: { annotations: { "team.example/keep": "this", "nagaya.dev/agent-updates": "paused" } } },
    { metadata: { annotations: { "team.example/keep": "this" } } },
  ]);
  expect(annotations).not.toHaveProperty("nagaya.dev/agent-updates");
});
