import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ADMIN, openConsole, type Server } from "../../app/testing";
import { webAddress } from "./logic";

vi.mock("../../ui/CodeEditor", () => ({ default: ({ label, text }: { label: string; text: string }) => <textarea aria-label={label} readOnly value={text} /> }));

const CHART = {
  repository: "stable",
  name: "web",
  version: "1.2.0",
  appVersion: "2.4",
  description: "Serves pages",
  icon: false,
  keywords: ["http"],
  deprecated: false,
  versions: 2,
  installed: 1,
};
const README = "# Web\n\n<script>alert(1)</script>\n\nSee [the docs](https://example.com) and [this](javascript:alert(1)).\n\n[![](https://example.com/b.svg)](https://example.com/build)\n";
const detail = (version: string) => ({
  ...CHART,
  version,
  type: "application",
  readme: README,
  values: version === "1.2.0" ? "replicas: 2\n" : "replicas: 1\n",
  changes: [{ kind: "changed", description: "Two pods by default" }],
  dependencies: [],
  crds: [],
  sources: [],
  annotations: {},
  maintainers: [],
});

const server =
  (charts: readonly object[], me: object = ADMIN): Server =>
  (_, path) => {
    switch (path) {
      case "me":
        return { body: me };
      case "charts":
        return { body: { items: charts } };
      case "charts/stable/web":
        return { body: { versions: ["1.2.0", "1.1.0"].map((version) => ({ version, appVersion: "", created: "", digest: "", description: "", deprecated: false })) } };
      case "charts/stable/web/1.2.0":
      case "charts/stable/web/1.1.0":
        return { body: detail(path.split("/").at(-1) ?? "") };
      default:
        return undefined;
    }
  };
const patience = { timeout: 15_000 };

test("cards say what is installed, and a filter in the address leaves some of them", async () => {
  const { at } = await openConsole("/catalogue", server([CHART, { ...CHART, name: "other", keywords: [], installed: 0 }]));
  const link = await screen.findByRole("link", { name: "web" }, patience);
  expect(link.getAttribute("href")).toBe("/catalogue/stable/web");
  expect(screen.getByText("Installed", { selector: ".pf-v6-c-label__text" })).toBeDefined();
  fireEvent.change(screen.getByPlaceholderText(/Search by/), { target: { value: "HTTP" } });
  await waitFor(() => expect(screen.queryByRole("link", { name: "other" })).toBeNull());
  expect(at()).toBe("/catalogue?q=HTTP");
}, 30_000);

test("an empty catalogue leads operations to a repository, and tells members whose matter that is", async () => {
  await openConsole("/catalogue", server([]));
  await screen.findByText("The catalogue is empty", {}, patience);
  expect(screen.getAllByRole("link", { name: "Add repository" })[0]?.getAttribute("href")).toBe("/repositories?create=yes");
}, 30_000);

test("members are told who adds repositories", async () => {
  await openConsole("/catalogue", server([], { name: "dev-01", admin: false, mustChangePassword: false, teams: [{ name: "java", role: "member" }] }));
  await screen.findByText(/Operations add repositories/, {}, patience);
  expect(screen.queryByRole("link", { name: "Add repository" })).toBeNull();
}, 30_000);

test("a readme is drawn without its HTML, and leads to the web only", async () => {
  await openConsole("/catalogue/stable/web", server([CHART]));
  await screen.findByRole("heading", { name: "Web" }, patience);
  expect(document.querySelector(".ngy-readme script")).toBeNull();
  expect(screen.queryByText(/alert/)).toBeNull();
  expect(screen.getByRole("link", { name: "the docs" }).getAttribute("rel")).toContain("noopener");
  expect(screen.getByText("this").closest("a")).toBeNull();
  // A picture without words still leads where it leads.
  expect(screen.getByRole("link", { name: "https://example.com/build" })).toBeDefined();
  expect(webAddress("data:text/html,x")).toBeUndefined();
}, 30_000);

test("what is new is told by its authors and by the defaults that changed", async () => {
  await openConsole("/catalogue/stable/web/changes", server([CHART]));
  await screen.findByText("Two pods by default", {}, patience);
  expect(await screen.findByRole("button", { name: "1 default changed between 1.1.0 and 1.2.0" }, patience)).toBeDefined();
  expect(screen.getByText("replicas")).toBeDefined();
}, 30_000);
