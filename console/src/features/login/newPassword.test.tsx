import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { ADMIN, openConsole, refusal, type Server } from "../../app/testing";

const RULE = "must have 8 characters at least and 1024 bytes at most";

/** A server that knows a password somebody else set, answers nothing but the session until it is changed, and says why not. */
function server() {
  const state = { due: true, changes: [] as unknown[] };
  const answer: Server = (method, path, body) => {
    if (path === "me") {
      return { body: { ...ADMIN, mustChangePassword: state.due } };
    }
    if (method === "POST" && path === "users/admin/password") {
      state.changes.push(body);
      if ((body as { password: string }).password.length < 8) {
        return refusal(422, "Invalid", { kind: "User", name: "admin", causes: [{ field: "password", reason: "Invalid", message: RULE, mend: "choose a longer one" }] });
      }
      state.due = false;
      return { body: {} };
    }
    if (path === "logout") {
      return { body: {} };
    }
    return state.due ? refusal(403, "MustChangePassword") : undefined;
  };
  return { state, answer };
}

const CURRENT = /^Current password/;
const NEW = /^New password(?! again)/;
const AGAIN = /^New password again/;

function fill(label: RegExp, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

test("who comes in with a password another set chooses one first, and then goes on to the page asked for", async () => {
  const { state, answer } = server();
  const { asked, at } = await openConsole("/login?next=%2Fclusters%3Fq%3Da", answer);
  await screen.findByRole("heading", { level: 1, name: "Choose a new password" });
  expect(asked, "nothing is asked that would be refused").toEqual(["GET me"]);
  const go = screen.getByRole("button", { name: "Change and go on" });

  fill(CURRENT, "handed over");
  fill(NEW, "short");
  fill(AGAIN, "shor");
  expect(screen.getByText("The two differ.")).toBeDefined();
  expect(go).toHaveProperty("disabled", true);
  fill(AGAIN, "short");
  fireEvent.click(go);

  // The server's rule stands at its field, not only in the summary.
  await waitFor(() => {
    const field = screen.getByLabelText(NEW);
    const help = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(help?.textContent).toContain(`${RULE} — choose a longer one`);
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });
  expect(state.due).toBe(true);

  fill(NEW, "walks with seven doors");
  fill(AGAIN, "walks with seven doors");
  fireEvent.click(go);
  await screen.findByRole("heading", { level: 1, name: "Clusters" }, { timeout: 5000 });
  expect(at()).toBe("/clusters?q=a");
  expect(state.changes.at(-1)).toEqual({ current: "handed over", password: "walks with seven doors" });
});

test("it is asked in Japanese too, and one may leave instead", async () => {
  const { answer } = server();
  const { asked } = await openConsole("/clusters", answer, "ja");
  await screen.findByRole("heading", { level: 1, name: "新しいパスワードの設定" });
  fireEvent.click(screen.getByRole("button", { name: "ログアウト" }));
  await screen.findByRole("heading", { level: 1, name: "Nagaya にログイン" });
  expect(asked).toEqual(["GET me", "POST logout"]);
});

test("when it comes up in the middle of work it is asked on top, and what was typed below stays", async () => {
  const { state, answer } = server();
  state.due = false;
  await openConsole("/settings", answer);
  fireEvent.click(await screen.findByRole("button", { name: "Create token" }, { timeout: 5000 }));
  fill(/^Name/, "kept");
  state.due = true;
  fireEvent.click(screen.getByRole("button", { name: "Create" }));
  const question = await screen.findByRole("dialog", { name: "Choose a new password" });
  fill(CURRENT, "handed over");
  fill(NEW, "walks with seven doors");
  fill(AGAIN, "walks with seven doors");
  fireEvent.click(within(question).getByRole("button", { name: "Change and go on" }));
  await waitFor(() => expect(question.isConnected).toBe(false));
  expect(screen.getByLabelText(/^Name/)).toHaveProperty("value", "kept");
});
