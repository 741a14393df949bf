import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";

const cluster = (name: string, labels: Record<string, string>) => ({
  apiVersion: "nagaya.dev/v1alpha1",
  kind: "Cluster",
  metadata: { name, labels, resourceVersion: "1" },
  spec: { provider: "import" },
  status: { phase: "Ready" },
});
const CLUSTERS = [cluster("java", { tier: "small" }), cluster("ci", { tier: "large" }), cluster("other", {})];

function server(onWrite: (method: string, path: string, body: unknown) => ReturnType<Server>): Server {
  return (method, path, body) => {
    if (path === "me") {
      return { body: ADMIN };
    }
    if (method !== "GET") {
      return onWrite(method, path, body);
    }
    return path === "clusters" ? { body: { metadata: { resourceVersion: "1" }, items: CLUSTERS } } : undefined;
  };
}

async function openDialog(answer: Server) {
  const page = await openConsole("/groups", answer);
  fireEvent.click((await screen.findAllByRole("button", { name: "Create group" }, { timeout: 5000 }))[0] as HTMLElement);
  const dialog = within(await screen.findByRole("dialog"));
  fireEvent.change(dialog.getByLabelText(/^Name/), { target: { value: "small" } });
  return { ...page, dialog };
}

test("the clusters that a selector picks show while it is typed, and what is none cannot be saved", async () => {
  const written: unknown[] = [];
  const { dialog, at } = await openDialog(
    server((_, __, body) => {
      written.push(body);
      return { status: 201, body };
    }),
  );
  await dialog.findByText("3 of 3 clusters");
  const selector = dialog.getByLabelText("Selector");
  fireEvent.change(selector, { target: { value: "tier in (small" } });
  await dialog.findByText(/This is no label selector/);
  expect(dialog.getByRole("button", { name: "Create" })).toHaveProperty("disabled", true);
  fireEvent.change(selector, { target: { value: "tier" } });
  await dialog.findByText("2 of 3 clusters");
  fireEvent.click(dialog.getByRole("button", { name: "tier=small × 1" }));
  await dialog.findByText("1 of 3 clusters");
  expect(dialog.getByRole("link", { name: "java" })).toBeDefined();
  fireEvent.click(dialog.getByRole("button", { name: "Create" }));
  await waitFor(() => expect(at()).toBe("/groups/small"));
  expect(written).toMatchObject([{ kind: "Group", metadata: { name: "small" }, spec: { selector: "tier,tier=small" } }]);
});

test("what the server says about the selector stands at the selector", async () => {
  const cause = { field: "spec.selector", message: "is not admitted", mend: "write another", reason: "Invalid" };
  const { dialog } = await openDialog(server(() => refusal(422, "Invalid", { causes: [cause] } as never)));
  fireEvent.click(dialog.getByRole("button", { name: "Create" }));
  expect(await dialog.findByText("is not admitted — write another")).toBeDefined();
  expect(dialog.getByLabelText("Selector").getAttribute("aria-invalid")).toBe("true");
});
