import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { TextField } from "../../ui/Field";

interface Form {
  readonly current: string;
  readonly password: string;
  readonly again: string;
}

/** What a form that changes one's own password needs. */
export function useOwnPassword(user: string, onDone?: () => void) {
  const { t } = useT();
  const cache = useQueryClient();
  const [form, setForm] = useState<Form>({ current: "", password: "", again: "" });
  const { current, password, again } = form;
  const change = useMutation<unknown, ApiError>({
    mutationFn: () => answer(client.POST("/api/v1alpha1/users/{name}/password", { params: { path: { name: user } }, body: { password, current } })),
    onSuccess: async () => {
      tell(t("settings:password.done"));
      // Who may do nothing before has been refused everything else: all of it is read again.
      await cache.invalidateQueries();
      onDone?.();
    },
  });
  return {
    fields: { user, form, error: change.error, onChange: (part: Partial<Form>) => setForm((old) => ({ ...old, ...part })) },
    ready: current !== "" && password !== "" && password === again,
    busy: change.isPending,
    error: change.error,
    submit: () => change.mutate(),
  };
}

type FieldsProps = ReturnType<typeof useOwnPassword>["fields"];

/** The present password and, twice, the new one. The server's rules stand at the field they are about. */
export function OwnPasswordFields({ user, form, error, onChange }: FieldsProps) {
  const { t } = useT();
  const { current, password, again } = form;
  return (
    <>
      {/* Tells a password manager whose password it is to keep. */}
      <input type="text" autoComplete="username" value={user} readOnly hidden />
      <TextField
        id="current-password"
        label={t("settings:password.current")}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={current}
        onChange={(value) => onChange({ current: value })}
        error={error}
        path="current"
      />
      <TextField
        id="own-password"
        label={t("users:password.new")}
        help={t("settings:password.help")}
        type="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(value) => onChange({ password: value })}
        error={error}
        path="password"
      />
      <TextField
        id="own-password-again"
        label={t("settings:password.again")}
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onChange={(value) => onChange({ again: value })}
        fault={again !== "" && again !== password ? t("settings:password.differs") : undefined}
      />
    </>
  );
}
