import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../app/testing";

const MANY = 300;
const name = (at: number) => `w-${String(at).padStart(3, "0")}`;

/** A server with three hundred workspaces, all of which failed, each in a team of its own. */
const server: Server = (_, path) => {
  if (path === "me") {
    return { body: ADMIN };
  }
  const items = Array.from({ length: MANY }, (__, at) => ({
    apiVersion: "nagaya.dev/v1alpha1",
    kind: "Workspace",
    metadata: { name: name(at), resourceVersion: "1" },
    spec: { owner: "dev-01", team: `team-${at}`, template: "one", state: "Running" },
    status: { phase: "Failed" },
  }));
  return path === "workspaces" ? { body: { metadata: { resourceVersion: "1" }, items } } : undefined;
};

const bodyRows = (table: HTMLElement) => within(table).getAllByRole("row").slice(1);

test("a list of hundreds is drawn a page at a time, says where one is, and can be searched", async () => {
  const { at } = await openConsole("/workspaces?page=2", server);
  const table = await screen.findByRole("grid", { name: "Workspaces" }, { timeout: 5000 });
  expect(table.getAttribute("aria-rowcount")).toBe(String(MANY + 1));
  const rows = bodyRows(table);
  expect(rows).toHaveLength(50);
  expect(rows[0]?.getAttribute("aria-rowindex")).toBe("52");
  expect(within(rows[0] as HTMLElement).getByRole("link", { name: name(50) })).toBeDefined();
  expect(screen.getAllByText("51–100 of 300")).toHaveLength(2);
  const ids = [...document.querySelectorAll("[id]:not([id=''])")].map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index), "no id twice").toEqual([]);

  const below = screen.getByRole("navigation", { name: "Pages, below the table" });
  fireEvent.click(within(below).getByRole("button", { name: "Next page" }));
  await waitFor(() => expect(at()).toBe("/workspaces?page=3"));
  fireEvent.change(screen.getByPlaceholderText(/Search by/), { target: { value: "w-29" } });
  await waitFor(() => expect(bodyRows(table)).toHaveLength(10));
  expect(at()).toBe("/workspaces?q=w-29");
  expect(screen.queryByRole("navigation", { name: /Pages/ })).toBeNull();
}, 20_000);

test("choosing a page of rows keeps those of other pages", async () => {
  await openConsole("/workspaces", server);
  const all = () => screen.getByRole("checkbox", { name: /Select all/ });
  await screen.findByRole("grid", { name: "Workspaces" }, { timeout: 5000 });
  fireEvent.click(all());
  await screen.findByText("50 selected");
  fireEvent.click(screen.getAllByRole("button", { name: "Next page" })[0] as HTMLElement);
  await screen.findAllByText("51–100 of 300");
  fireEvent.click(all());
  await screen.findByText("100 selected");
  fireEvent.click(all());
  expect(await screen.findByText("50 selected")).toBeDefined();
}, 20_000);

test("what is wrong is told a page at a time too", async () => {
  await openConsole("/", server);
  const table = await screen.findByRole("grid", { name: "What is wrong now" }, { timeout: 5000 });
  expect(bodyRows(table)).toHaveLength(10);
  expect(screen.getAllByText("1–10 of 300")).toHaveLength(2);
}, 20_000);

test("a fleet of a thousand clusters is a line for each group", async () => {
  const clusters = Array.from({ length: 1000 }, (__, at) => ({
    kind: "Cluster",
    metadata: { name: `c-${at}`, resourceVersion: "1" },
    spec: { provider: "import" },
    status: { phase: at % 10 === 0 ? "Stopped" : "Ready", kubernetesVersion: "v1.34.1" },
  }));
  const groups = Array.from({ length: 8 }, (__, at) => ({
    kind: "Group",
    metadata: { name: `g-${at}`, resourceVersion: "1" },
    spec: { selector: "" },
    status: { clusters: clusters.filter((___, index) => index % 8 === at).map(({ metadata }) => metadata.name) },
  }));
  const list = (items: unknown) => ({ body: { metadata: { resourceVersion: "1" }, items } });
  await openConsole("/", (method, path, body) =>
    path === "clusters" ? list(clusters) : path === "groups" ? list(groups) : path === "workspaces" ? list([]) : server(method, path, body),
  );
  const table = await screen.findByRole("grid", { name: "Groups" }, { timeout: 5000 });
  expect(bodyRows(table)).toHaveLength(8);
  expect(within(table).getAllByRole("img")[0]?.getAttribute("aria-label")).toMatch(/^Ready × \d+, Stopped × \d+$/);
  expect(screen.getByText("v1.34.1 × 1000")).toBeDefined();
}, 20_000);

test("a list that could not be read does not say that there is nothing", async () => {
  await openConsole("/workspaces", (method, path, body) => (path === "workspaces" ? refusal(500, "InternalError") : server(method, path, body)));
  await screen.findByText("The workspaces could not be read", { exact: false }, { timeout: 5000 });
  expect(screen.queryByText(/no workspace yet/i)).toBeNull();
  expect(screen.getByRole("button", { name: "Try again" })).toBeDefined();
});
