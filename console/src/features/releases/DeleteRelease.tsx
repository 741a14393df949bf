import type { Release } from "../../api/types";
import { useDelete } from "../../api/resources";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { clustersOf } from "./logic";

/** Asks, with the name typed, before a release is uninstalled. */
export function DeleteRelease({ release, onClose, onDone }: { readonly release: Release; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const remove = useDelete("releases");
  const { name } = release.metadata;
  return (
    <Confirm
      title={t("releases:delete.title", { name })}
      action={t("releases:action.uninstall")}
      typed={name}
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(name, {
          onSuccess: () => {
            tell(t("releases:delete.done", { name }));
            onDone();
          },
        })
      }
    >
      {t("releases:delete.body", { count: clustersOf(release).length })}
    </Confirm>
  );
}
