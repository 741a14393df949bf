import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { FormDialog } from "../../ui/FormDialog";
import { OwnPasswordFields, useOwnPassword } from "./OwnPassword";

/** Changes one's own password. */
export function PasswordCard() {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="secondary" className="ngy-gap-top" onClick={() => setOpen(true)}>
        {t("settings:password.action")}
      </Button>
      {open && <PasswordDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useT();
  const me = useMe();
  const own = useOwnPassword(me.name, onClose);
  return (
    <FormDialog
      title={t("settings:password.action")}
      action={t("common:save")}
      failed={t("users:password.failed")}
      busy={own.busy}
      ready={own.ready}
      error={own.error}
      onClose={onClose}
      onSubmit={own.submit}
    >
      <OwnPasswordFields {...own.fields} />
    </FormDialog>
  );
}
