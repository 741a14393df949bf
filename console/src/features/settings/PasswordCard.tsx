import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import { meQuery } from "../../api/session";
import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";

/** Changes one's own password. */
export function PasswordCard() {
  const { t } = useT();
  const me = useMe();
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const change = useMutation<unknown, ApiError>({
    mutationFn: () =>
      answer(client.POST("/api/v1alpha1/users/{name}/password", { params: { path: { name: me.name } }, body: { password, current } })),
    onSuccess: () => {
      tell(t("settings:password.done"));
      void cache.invalidateQueries({ queryKey: meQuery.queryKey });
      close();
    },
  });
  const close = () => {
    setOpen(false);
    setCurrent("");
    setPassword("");
    setAgain("");
    change.reset();
  };
  return (
    <>
      <Button variant="secondary" className="ngy-gap-top" onClick={() => setOpen(true)}>
        {t("settings:password.action")}
      </Button>
      {open && (
        <FormDialog
          title={t("settings:password.action")}
          action={t("common:save")}
          failed={t("users:password.failed")}
          busy={change.isPending}
          ready={password !== "" && password === again}
          error={change.error}
          onClose={close}
          onSubmit={() => change.mutate()}
        >
          <TextField
            id="current-password"
            label={t("settings:password.current")}
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            value={current}
            onChange={setCurrent}
            error={change.error}
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
            onChange={setPassword}
            error={change.error}
            path="password"
          />
          <TextField
            id="own-password-again"
            label={t("settings:password.again")}
            type="password"
            autoComplete="new-password"
            required
            value={again}
            onChange={setAgain}
            fault={again !== "" && again !== password ? t("settings:password.differs") : undefined}
          />
        </FormDialog>
      )}
    </>
  );
}
