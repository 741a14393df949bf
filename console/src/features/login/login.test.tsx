import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";
import { landing } from "./landing";

const ORIGIN = "https://nagaya.example";

test("only a page of this console is gone on to", () => {
  expect(landing("/clusters/c1?q=a#b", ORIGIN)).toBe("/clusters/c1?q=a#b");
  expect(landing("/workspaces/w/desktop", ORIGIN)).toBe("/workspaces/w/desktop");
  const elsewhere = ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "/.//evil.example", "javascript:alert(1)"];
  for (const next of [null, "", "clusters", ...elsewhere, `${ORIGIN}/clusters`, "/\\", "//"]) {
    expect(landing(next, ORIGIN), String(next)).toBe("/");
  }
});

/** Nobody is logged in until the right password came. */
function server(): Server {
  let inside = false;
  return (method, path) => {
    if (method === "POST" && path === "login") {
      inside = true;
      return { body: ADMIN };
    }
    if (path === "logout") {
      inside = false;
      return { body: {} };
    }
    if (!inside && path !== "me") {
      return refusal(401, "Unauthorized");
    }
    return path === "me" ? (inside ? { body: ADMIN } : refusal(401, "Unauthorized")) : undefined;
  };
}

async function logIn() {
  fireEvent.change(await screen.findByLabelText(/User name/), { target: { value: "admin" } });
  fireEvent.change(screen.getByLabelText(/Password/), { target: { value: "correct horse" } });
  fireEvent.click(screen.getByRole("button", { name: "Log in" }));
}

test.each([
  ["/login", "/"],
  ["/login/", "/"],
  ["/login?next=%2Fclusters%3Fq%3Da", "/clusters?q=a"],
  ["/login?next=%2F%2Fevil.example%2F", "/"],
  ["/login?next=%2Flogin", "/"],
  ["/clusters?q=a", "/clusters?q=a"],
])("logging in at %s leads to %s", async (address, page) => {
  const { at } = await openConsole(address, server());
  await logIn();
  await screen.findByRole("heading", { level: 1, name: page === "/" ? /admin/ : "Clusters" }, { timeout: 5000 });
  expect(at()).toBe(page);
});

test("logging out leads to the login page, not to a question over what was shown", async () => {
  const { at } = await openConsole("/clusters", server());
  await logIn();
  await screen.findByRole("heading", { level: 1, name: "Clusters" }, { timeout: 5000 });
  fireEvent.click(screen.getByRole("button", { name: "admin" }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Log out" }));
  await screen.findByRole("heading", { level: 1, name: "Log in to Nagaya" });
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.queryByRole("heading", { name: "Clusters" })).toBeNull();
  expect(at()).toBe("/");
});

test("who is logged in already is sent on from the login page", async () => {
  const { at } = await openConsole("/login?next=/clusters", (_, path) => (path === "me" ? { body: ADMIN } : undefined));
  await waitFor(() => expect(at()).toBe("/clusters"));
});
