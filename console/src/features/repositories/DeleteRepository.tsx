import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";

/** Asks before a Repository goes, and says that what is installed from it stays. */
export function DeleteRepository({ name, onClose, onDone }: { readonly name: string; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  return (
    <DeleteObject plural="repositories" name={name} onClose={onClose} onDone={onDone}>
      {t("repositories:delete.body")}
    </DeleteObject>
  );
}
