import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, type Server } from "../../app/testing";

const message = "its namespace's quota is used up: stop another workspace, or ask operations to raise quota team, requested: pods=1";

const server =
  (phase: string): Server =>
  (_, path) => {
    const workspace = {
      apiVersion: "nagaya.dev/v1alpha1",
      kind: "Workspace",
      metadata: { name: "one", resourceVersion: "1" },
      spec: { owner: "dev-01", team: "java", template: "java", state: "Running" },
      status: { phase, reason: "Quota", message },
    };
    switch (path) {
      case "me":
        return { body: ADMIN };
      case "workspaces/one":
        return { body: workspace };
      case "workspaces":
        return { body: { metadata: { resourceVersion: "1" }, items: [workspace] } };
      default:
        return undefined;
    }
  };

test.each([
  ["Pending", "/workspaces/one"],
  ["Failed", "/workspaces/one"],
  ["Pending", "/workspaces"],
])("a workspace beyond the quota that is %s says so at %s, in either language", async (phase, address) => {
  const shown = () => document.body.textContent ?? "";
  await openConsole(address, server(phase));
  await waitFor(() => expect(shown()).toContain(message.slice(1)), { timeout: 5000 });
  await openConsole(address, server(phase), "ja");
  await waitFor(() => expect(shown()).toContain("割り当て（クォータ）を使い切っています。"), { timeout: 5000 });
  expect(screen.queryByText("reasons:Quota")).toBeNull();
});
