import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { ADMIN, openConsole, type Server } from "../../app/testing";

vi.mock("../../ui/CodeEditor", () => ({
  default: ({ label, text, onChange }: { label: string; text: string; onChange?: (text: string) => void }) => (
    <textarea aria-label={label} value={text} onChange={(event) => onChange?.(event.target.value)} />
  ),
}));

const TEMPLATE = {
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Template",
  metadata: { name: "desk", resourceVersion: "3" },
  spec: {
    chart: { repository: "stable", chart: "desk", version: "^1", service: "{workspace}-vnc", values: { size: 2 } },
    homeSize: "1Gi",
    ports: [{ name: "desktop", port: 5900, protocol: "rfb" }],
  },
  status: {
    workspaces: 0,
    chart: { repository: "stable", name: "desk", version: "1.2.0", digest: "d" },
    conditions: [{ type: "Resolved", status: false, reason: "NotFit", message: "spec.chart.service: the chart makes no such Service", lastTransitionTime: "2026-01-01T00:00:00Z" }],
  },
};
const CHART = { repository: "stable", name: "desk", version: "1.2.0", appVersion: "", description: "", icon: false, keywords: [], deprecated: false, versions: 1, installed: 0 };

const server =
  (sent: unknown[] = []): Server =>
  (method, path, body) => {
    if (method === "POST" && path === "templates") {
      sent.push(body);
      return { status: 201, body };
    }
    switch (path) {
      case "me":
        return { body: ADMIN };
      case "charts":
        return { body: { items: [CHART] } };
      case "templates":
        return { body: { metadata: { resourceVersion: "3" }, items: [TEMPLATE] } };
      case "templates/desk":
        return { body: TEMPLATE };
      default:
        return undefined;
    }
  };
const patience = { timeout: 15_000 };

test("the catalogue leads to the form of a template with its chart, and what is typed is sent", async () => {
  const sent: unknown[] = [];
  await openConsole("/templates/new?chart=stable/desk", server(sent));
  await screen.findByText("Value for the home", {}, patience);
  expect((document.getElementById("template-chart") as HTMLSelectElement).value).toBe("stable/desk");
  const type = (id: string, value: string) => fireEvent.change(document.getElementById(`template-${id}`) as HTMLInputElement, { target: { value } });
  type("name", "mine");
  type("service", "{workspace}-vnc");
  type("home-value", "home.claim");
  fireEvent.change(await screen.findByLabelText("Values", { selector: "textarea" }, patience), { target: { value: "- no map" } });
  const create = screen.getByRole("button", { name: "Create" });
  expect(create.hasAttribute("disabled"), "values are a map").toBe(true);
  fireEvent.change(screen.getByLabelText("Values", { selector: "textarea" }), { target: { value: "size: 3" } });
  fireEvent.click(create);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    metadata: { name: "mine" },
    spec: { chart: { repository: "stable", chart: "desk", service: "{workspace}-vnc", homeValue: "home.claim", values: { size: 3 } }, ports: [{ name: "desktop", port: 5900 }] },
  });
  expect(sent[0]).not.toHaveProperty("spec.image");
  expect(sent[0]).not.toHaveProperty("spec.resources");
}, 30_000);

test("a template's page and its card say that its chart does not fit, and why", async () => {
  await openConsole("/templates/desk", server());
  await screen.findByText(/the chart makes no such Service/, {}, patience);
  expect(screen.getByRole("link", { name: "stable/desk" }).getAttribute("href")).toBe("/catalogue/stable/desk");
}, 30_000);

test("an environment of a chart is found by its repository in the catalogue", async () => {
  await openConsole("/catalogue?repository=stable&kind=environments", server());
  await screen.findByText("Environment · stable/desk · 1.2.0", {}, patience);
  expect(screen.getByText("Not usable")).toBeDefined();
}, 30_000);
