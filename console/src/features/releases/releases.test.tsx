import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Release } from "../../api/types";
import { ADMIN, openConsole, type Server } from "../../app/testing";
import { compareVersions, newer, testRuns } from "./logic";
import { draftOf, sealed, secretName, toRelease, TYPED } from "./wizard/draft";

// The editors as plain fields: CodeMirror needs a layout, which tests have none of.
vi.mock("../../ui/CodeEditor", () => ({
  default: ({ label, text, onChange }: { label: string; text: string; onChange?: (text: string) => void }) => (
    <textarea aria-label={label} value={text} onChange={(event) => onChange?.(event.target.value)} />
  ),
}));
vi.mock("../../ui/DiffView", () => ({ default: ({ after }: { after: string }) => <pre data-testid="after">{after}</pre> }));

const RELEASE: Release = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Release",
  metadata: { name: "web", uid: "u", resourceVersion: "5", generation: 2 },
  spec: {
    repository: "stable",
    chart: "web",
    version: "1.1.0",
    cluster: "a",
    namespace: "web",
    values: { replicas: 5 },
    secrets: [],
    atomic: true,
    wait: true,
    hooks: true,
    crds: true,
    timeoutSeconds: 300,
  },
  status: {
    version: "1.1.0",
    latest: 2,
    versions: [
      { version: 2, chartVersion: "1.1.0", by: "dev-01", message: "more" },
      { version: 1, chartVersion: "1.0.0", by: "dev-02" },
    ],
    clusters: [
      {
        cluster: "a",
        state: "Failed",
        message: "Deployment web/web: no such image",
        revision: 3,
        chartVersion: "1.1.0",
        total: 2,
        ready: 1,
        objects: [
          { object: "Deployment web/web", ready: false, message: "0 of 5 pods" },
          { object: "Service web/web", ready: true, message: "" },
        ],
        notes: "Open the page",
        history: [{ revision: 3, status: "failed", chart: "web-1.1.0", appVersion: "", updated: null, description: "no such image" }],
      },
    ],
  },
};
/** Somebody asked for its tests the second time; of the first time they are told. */
const ASKED: Release = {
  ...RELEASE,
  metadata: { ...RELEASE.metadata, resourceVersion: "6", annotations: { "nagaya.dev/test": "2" } },
  status: { ...RELEASE.status, clusters: [{ cluster: "a", state: "Ready", tested: 1, tests: [{ object: "Pod web/web-test", passed: true, message: "" }] }] },
};
const DETAIL = {
  repository: "stable",
  name: "web",
  version: "1.2.0",
  type: "application",
  readme: "",
  values: "# How many pods\nreplicas: 1\nauth:\n  password: \"\"\n",
  changes: [],
  dependencies: [],
  crds: [],
};
const PREVIEW = {
  version: "1.2.0",
  cluster: "a",
  schema: [],
  documents: [{ source: "web/templates/a.yaml", kind: "ConfigMap", namespace: "web", name: "page", text: "kind: ConfigMap" }],
  hooks: [],
  notes: "",
  changes: [{ object: "ConfigMap web/page", change: "added", before: "", after: "kind: ConfigMap" }],
  layers: [{ path: "replicas", layer: "cluster a", value: 3, hides: [{ layer: "chart", value: 1 }] }],
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
}

function server(written: Asked[], preview: (spec: Record<string, unknown>) => object = () => PREVIEW): Server {
  return (method, path, body) => {
    const list = (...items: unknown[]) => ({ body: { metadata: { resourceVersion: "1" }, items } });
    if (path.endsWith("/preview")) {
      return { body: preview((body as { spec: Record<string, unknown> }).spec) };
    }
    if (method !== "GET") {
      written.push({ method, path, body: body as Record<string, unknown> });
      return { body: /\/(rollback|retry)$/.test(path) ? RELEASE : path.endsWith("/test") ? ASKED : body };
    }
    switch (path) {
      case "me":
        return { body: ADMIN };
      case "clusters":
        return list({ kind: "Cluster", metadata: { name: "a" }, spec: {} });
      case "releases":
        return list(RELEASE);
      case "releases/web":
        return { body: RELEASE };
      case "charts":
        return { body: { items: [{ ...DETAIL, versions: 2, installed: 1, keywords: [], description: "" }] } };
      case "charts/stable/web":
        return { body: { versions: ["1.2.0", "1.1.0"].map((version) => ({ version, appVersion: "", created: "", digest: "", description: "" })) } };
      case "charts/stable/web/1.1.0":
      case "charts/stable/web/1.2.0":
        return { body: { ...DETAIL, version: path.split("/").at(-1) } };
      case "releaseversions/web-v1":
      case "releaseversions/web-v2":
        return { body: { kind: "ReleaseVersion", metadata: { name: "x" }, spec: { chart: { version: "1.1.0" }, values: { replicas: path.endsWith("1") ? 1 : 5 } } } };
      default:
        return undefined;
    }
  };
}
const patience = { timeout: 20_000 };
const SLOW = 60_000;

test("the list tells chart, newer version, target, revision, state and why", async () => {
  await openConsole("/releases", server([]));
  const row = within((await screen.findAllByRole("link", { name: "web" }, patience))[0]?.closest("tr") as HTMLElement);
  expect(await row.findByRole("link", { name: "1.2.0 is there" }, patience)).toBeDefined();
  expect(row.getByText("Failed")).toBeDefined();
  expect(row.getByText("Deployment web/web: no such image")).toBeDefined();
  expect(row.getByRole("link", { name: "Cluster a" })).toBeDefined();
}, SLOW);

test("a chart is installed by form and YAML, which show and change the same values; what equals the layers below is left out", async () => {
  const written: Asked[] = [];
  const { at } = await openConsole("/catalogue/stable/web/install?view=form,yaml", server(written));
  await screen.findByRole("option", { name: "a" }, patience);
  fireEvent.change(screen.getByLabelText("Cluster", { exact: false, selector: "select#release-cluster" }), { target: { value: "a" } });
  fireEvent.change(screen.getByLabelText("Namespace", { exact: false, selector: "#release-namespace" }), { target: { value: "web" } });
  fireEvent.click(screen.getByRole("button", { name: "Next" }));
  const replicas = (await screen.findByLabelText("replicas", {}, patience)) as HTMLInputElement;
  // The cluster's layer arrives with the preview.
  await waitFor(() => expect(replicas.value).toBe("3"), patience);
  fireEvent.change(replicas, { target: { value: "7." } });
  expect(replicas.value).toBe("7.");
  fireEvent.change(replicas, { target: { value: "7" } });
  const yaml = screen.getByLabelText("Values of this release") as HTMLTextAreaElement;
  expect(yaml.value).toBe("replicas: 7\n");
  expect(screen.getByText("hides Cluster a: 3")).toBeDefined();
  fireEvent.change(yaml, { target: { value: "# why\nreplicas: 4\nauth:\n  password: ''\n" } });
  expect(replicas.value).toBe("4");
  fireEvent.click(screen.getByRole("button", { name: "Next" }));
  const finish = await screen.findByRole("button", { name: "Install" }, patience);
  await screen.findByText("ConfigMap web/page", {}, patience);
  await waitFor(() => expect(finish).toHaveProperty("disabled", false), patience);
  fireEvent.click(finish);
  await waitFor(() => expect(written).toHaveLength(1), patience);
  expect(written[0]).toMatchObject({ method: "POST", path: "releases", body: { metadata: { name: "web" }, spec: { cluster: "a", namespace: "web", version: "1.2.0", values: { replicas: 4 } } } });
  await waitFor(() => expect(at()).toBe("/releases/web"), patience);
}, SLOW);

test("what the schema says stands at the field, and keeps one from installing", async () => {
  const written: Asked[] = [];
  await openConsole(
    "/releases/web/upgrade?view=form",
    server(written, ({ values }) => ({ ...PREVIEW, schema: (values as { replicas?: number })?.replicas === 5 ? [{ path: "replicas", message: "five are too many" }] : [] })),
  );
  await screen.findByLabelText("replicas", {}, patience);
  await waitFor(() => expect(screen.getAllByText("five are too many")).toHaveLength(2), patience);
  fireEvent.click(screen.getByRole("button", { name: "Next" }));
  expect(await screen.findByText("Mend this first", {}, patience)).toBeDefined();
  expect(screen.getByRole("button", { name: "Upgrade" })).toHaveProperty("disabled", true);
}, SLOW);

test("an earlier version is brought back after asking", async () => {
  const written: Asked[] = [];
  await openConsole("/releases/web/history", server(written));
  fireEvent.click(await screen.findByRole("button", { name: "Roll back: 1" }, patience));
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Roll back" }));
  await waitFor(() => expect(written).toEqual([{ method: "POST", path: "releases/web/rollback", body: { version: 1 } }]), patience);
  expect((await screen.findByTestId("after", {}, patience)).textContent).toBe("replicas: 5\n");
}, SLOW);

test("what failed is tried again, and uninstalling wants the name", async () => {
  const written: Asked[] = [];
  await openConsole("/releases/web", server(written));
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }, patience));
  await waitFor(() => expect(written[0]?.path).toBe("releases/web/retry"), patience);
  expect(screen.getAllByText("Deployment web/web: no such image").length).toBeGreaterThan(0);
  fireEvent.click(screen.getByRole("button", { name: "Uninstall" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("button", { name: "Uninstall" })).toHaveProperty("disabled", true);
  fireEvent.change(dialog.getByRole("textbox"), { target: { value: "web" } });
  fireEvent.click(dialog.getByRole("button", { name: "Uninstall" }));
  await waitFor(() => expect(written.at(-1)).toMatchObject({ method: "DELETE", path: "releases/web" }), patience);
}, SLOW);

test("tests that are asked for run until the cluster tells of them", async () => {
  const written: Asked[] = [];
  await openConsole("/releases/web", server(written));
  fireEvent.click(await screen.findByRole("button", { name: "Actions" }, patience));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Run tests" }, patience));
  const dialog = within(await screen.findByRole("dialog"));
  fireEvent.click(dialog.getByRole("button", { name: "Run tests" }));
  expect(await dialog.findByText(/a: the tests run/, {}, patience)).toBeTruthy();
  expect(written).toMatchObject([{ method: "POST", path: "releases/web/test" }]);
}, SLOW);

test("what a cluster tells is of the run that was asked for last, or it is still to come", () => {
  const told = (cluster: NonNullable<Release["status"]>["clusters"]) => testRuns({ ...ASKED, status: { clusters: cluster } }).map(({ how }) => how);
  const lines = (...passed: boolean[]) => passed.map((one, at) => ({ object: `Pod web/${at}`, passed: one, message: "" }));
  expect(testRuns(RELEASE)).toEqual([]);
  expect(told([{ state: "Ready", tested: 1, tests: lines(true) }])).toEqual(["runs"]);
  expect(told([{ state: "Failed" }])).toEqual(["waits"]);
  expect(told([{ tested: 2 }, { tested: 2, tests: lines(true, true) }, { tested: 2, tests: lines(true, false) }])).toEqual(["none", "passed", "failed"]);
});

test("a draft is the release again, and keeps what the wizard does not ask for", () => {
  const base = { ...RELEASE, spec: { ...RELEASE.spec, ignore: [{ target: {}, fields: [".spec.replicas"] }] } } as unknown as Release;
  expect(toRelease(draftOf(base), "stable", "web", base).spec).toMatchObject(base.spec);
  const typed = toRelease({ ...draftOf(base), text: "# why\nreplicas: 6\n" }, "stable", "web", base);
  expect(typed.metadata.annotations?.[TYPED]).toBe("# why\nreplicas: 6\n");
  expect(draftOf(typed).text).toBe("# why\nreplicas: 6\n");
  // What somebody else wrote since is what holds.
  expect(draftOf({ ...typed, spec: { ...typed.spec, values: { replicas: 9 } } }).text).toBe("replicas: 9\n");
});

test("what is sealed stands nowhere in plain text", () => {
  const draft = sealed({ ...draftOf(RELEASE), text: "auth:\n  password: plain\n" }, ["auth", "password"], "auth-password", "hidden");
  const release = toRelease(draft, "stable", "web");
  expect(JSON.stringify(release)).not.toMatch(/plain|hidden/);
  expect(release.spec.secrets).toEqual([{ path: "auth.password", secret: "auth-password" }]);
  expect(secretName(["controller", "adminPassword"])).toBe("controller-admin-password");
});

test("versions are in SemVer's order", () => {
  const sorted = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "v1.2", "1.10.0"];
  expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted);
  expect([newer(RELEASE, "1.2.0"), newer(RELEASE, "1.1.0"), newer(RELEASE, undefined)]).toEqual(["1.2.0", undefined, undefined]);
});
