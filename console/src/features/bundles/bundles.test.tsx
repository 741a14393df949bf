import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Bundle } from "../../api/types";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";

// The editors as plain fields: CodeMirror needs a layout, which tests have none of.
vi.mock("../../ui/CodeEditor", () => ({
  default: ({ label, text, onChange, at }: { label: string; text: string; onChange?: (text: string) => void; at?: { line: number } }) => (
    <textarea aria-label={label} defaultValue={text} data-line={at?.line} onChange={(event) => onChange?.(event.target.value)} />
  ),
}));
vi.mock("../../ui/DiffView", () => ({
  default: ({ before, after }: { before: string; after: string }) => (
    <>
      <pre data-testid="before">{before}</pre>
      <pre data-testid="after">{after}</pre>
    </>
  ),
}));

const config = (value: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "web" }, data: { value } });
const BUNDLE: Bundle = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Bundle",
  metadata: { name: "base", uid: "u", resourceVersion: "5" },
  spec: { groups: ["small"], objects: [config("new")], rollout: { waves: ["stage=canary"] } },
  status: {
    version: 2,
    versions: [
      { version: 2, generation: 2, by: "dev-01", message: "the new value" },
      { version: 1, generation: 1, by: "dev-03" },
    ],
    summary: { targets: 3, ready: 1, updated: 2, unready: 1 },
    clusters: [
      { cluster: "a", state: "Ready", version: 2, objects: 1, ready: 1 },
      {
        cluster: "b",
        state: "Failed",
        version: 2,
        message: "ConfigMap web/settings: no such namespace",
        drift: { count: 4, last: { object: "ConfigMap web/settings", manager: "kubectl-edit", fields: [".data.value"], at: "2026-01-01T00:00:00Z" } },
      },
      { cluster: "c", state: "Waiting", version: 1 },
    ],
  },
};
const versions: Record<string, unknown> = {
  "bundleversions/base-v1": { kind: "BundleVersion", metadata: { name: "base-v1" }, spec: { bundle: "base", version: 1, objects: [config("old")] } },
  "bundleversions/base-v2": { kind: "BundleVersion", metadata: { name: "base-v2" }, spec: { bundle: "base", version: 2, objects: [config("new")] } },
};

function server(written: unknown[], refuse?: ReturnType<Server>): Server {
  return (method, path, body) => {
    if (path === "me") {
      return { body: ADMIN };
    }
    if (method !== "GET") {
      written.push(body);
      return refuse ?? { body };
    }
    const list = (...items: unknown[]) => ({ body: { metadata: { resourceVersion: "1" }, items } });
    switch (path) {
      case "groups":
        return list({ kind: "Group", metadata: { name: "small" }, spec: { selector: "tier=small" } });
      case "clusters":
        return list({ kind: "Cluster", metadata: { name: "a", labels: { tier: "small" } }, spec: {} });
      case "bundles":
        return list(BUNDLE);
      case "bundles/base":
        return { body: BUNDLE };
      default:
        return versions[path] === undefined ? undefined : { body: versions[path] };
    }
  };
}

const patience = { timeout: 5000 };

test("the list tells at a glance what is wrong, and pauses", async () => {
  const written: Bundle[] = [];
  await openConsole("/bundles", server(written));
  const row = within((await screen.findByRole("link", { name: "base" }, patience)).closest("tr") as HTMLElement);
  expect(row.getByText("Failed × 1")).toBeDefined();
  expect(row.getByText("2 of 3")).toBeDefined();
  fireEvent.click(row.getByRole("button", { name: /Kebab|Actions/i }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Pause" }));
  await waitFor(() => expect(written[0]?.spec).toEqual({ ...BUNDLE.spec, rollout: { waves: ["stage=canary"], paused: true } }));
});

test("each cluster says where it stands, why, and who changed what there", async () => {
  const { at } = await openConsole("/bundles/base", server([]));
  const table = await screen.findByRole("grid", { name: "Clusters" }, patience);
  const row = within(within(table).getByRole("link", { name: "b" }).closest("tr") as HTMLElement);
  expect(row.getByText("ConfigMap web/settings: no such namespace")).toBeDefined();
  expect(row.getByText("Put back 4 times", { exact: false }).textContent).toContain(".data.value by kubectl-edit");
  expect(within(table).getByText("1 (newest: 2)")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: /^Status/, expanded: false }));
  fireEvent.click(await screen.findByRole("option", { name: "Waiting" }));
  await waitFor(() => expect(at()).toBe("/bundles/base?state=Waiting"));
  expect(within(table).getAllByRole("link").map((link) => link.textContent)).toEqual(["c"]);
});

test("what the bundle would change on a cluster is compared with what is there", async () => {
  const answers: Record<string, unknown> = {
    "bundles/base/rendered": { items: [config("new"), { ...config("there"), metadata: { name: "other" } }, { apiVersion: "x.dev/v1", kind: "Thing", metadata: { name: "t" } }] },
    "clusters/b/kubernetes/api/v1": { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] },
    "clusters/b/kubernetes/api/v1/namespaces/web/configmaps/settings": { ...config("drifted"), metadata: { ...config("").metadata, uid: "u" } },
    "clusters/b/kubernetes/api/v1/namespaces/default/configmaps/other": { ...config("there"), metadata: { name: "other", namespace: "default" } },
  };
  const usual = server([]);
  const { at } = await openConsole("/bundles/base", (method, path, body) =>
    path.startsWith("clusters/b/") || path === "bundles/base/rendered"
      ? answers[path] === undefined
        ? refusal(404, "NotFound")
        : { body: answers[path] }
      : usual(method, path, body),
  );
  const table = await screen.findByRole("grid", { name: "Clusters" }, patience);
  const row = within(within(table).getByRole("link", { name: "b" }).closest("tr") as HTMLElement);
  fireEvent.click(row.getByRole("button", { name: /Kebab|Actions/i }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Difference on the cluster" }));
  expect((await screen.findByTestId("before", {}, patience)).textContent).toContain("value: drifted");
  expect(at()).toBe("/bundles/base?on=b");
  expect(screen.getByTestId("after").textContent).toContain("value: new");
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(
    expect.arrayContaining(["Changed: ConfigMap web/settings", "Not there: Thing t"]),
  );
  expect(screen.queryByText("ConfigMap other")).toBeNull();
});

test("two versions are compared, and one of them made the newest", async () => {
  const written: Bundle[] = [];
  await openConsole("/bundles/base/versions", server(written));
  expect((await screen.findByTestId("before", {}, patience)).textContent).toContain("value: old");
  expect(screen.getByTestId("after").textContent).toContain("value: new");
  expect(screen.getByText("ConfigMap web/settings").closest("li")?.textContent).toBe("Changed: ConfigMap web/settings");
  fireEvent.change(screen.getByLabelText("From version"), { target: { value: "2" } });
  expect(await screen.findByText(/There is no difference/)).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Roll back" }));
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Roll back" }));
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]?.spec).toEqual({ groups: ["small"], rollout: { waves: ["stage=canary"] }, objects: [config("old")] });
  expect(written[0]?.metadata.annotations).toEqual({ "nagaya.dev/message": "Back to version 1" });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("a bundle is made from a file for kubectl; what the server refuses is shown in its line", async () => {
  const written: Bundle[] = [];
  const causes = [
    { field: "spec.objects[1].metadata.name", message: "is required", mend: "give it a name", reason: "Required" },
    { field: "spec.groups[0]", message: "there is no group small", mend: "make it", reason: "NotFound" },
  ];
  await openConsole("/bundles/new", server(written, refusal(422, "Invalid", { causes } as never)));
  fireEvent.change(await screen.findByLabelText(/^Name/, {}, patience), { target: { value: "quota" } });
  fireEvent.click(await screen.findByRole("checkbox", { name: "small" }));
  const objects = await screen.findByLabelText("Objects", { selector: "textarea" }, patience);
  fireEvent.change(objects, { target: { value: "kind: [" } });
  expect(await screen.findByText("1 thing to mend")).toBeDefined();
  expect(screen.getByRole("button", { name: "Create" })).toHaveProperty("disabled", true);
  fireEvent.change(objects, { target: { value: "kind: A\nmetadata: {name: a}\n---\nkind: B\nmetadata:\n  labels: {}\n" } });
  fireEvent.change(screen.getByLabelText("Waves"), { target: { value: "tier=small" } });
  expect(await screen.findByText(/Wave 1: 1 cluster\./)).toBeDefined();
  fireEvent.change(screen.getByLabelText("Not ready at one time, at most"), { target: { value: "2" } });
  await waitFor(() => expect(screen.getByRole("button", { name: "Create" })).toHaveProperty("disabled", false));
  fireEvent.click(screen.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(written).toHaveLength(1));
  expect(written[0]).toMatchObject({
    metadata: { name: "quota" },
    spec: { groups: ["small"], objects: [{ kind: "A" }, { kind: "B" }], rollout: { maxUnready: 2, waves: ["tier=small"] } },
  });
  fireEvent.click(await screen.findByRole("button", { name: "Line 5" }));
  await waitFor(() => expect(objects.dataset.line).toBe("5"));
  expect(screen.getByText("spec.groups[0]: there is no group small — make it")).toBeDefined();
}, 20_000);
