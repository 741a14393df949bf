import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";

/** Asks before a Source goes, and says that its objects stay. */
export function DeleteSource({ name, onClose, onDone }: { readonly name: string; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  return (
    <DeleteObject plural="sources" name={name} onClose={onClose} onDone={onDone}>
      {t("sources:delete.body")}
    </DeleteObject>
  );
}
