import type { Bundle } from "../../api/types";
import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";
import { clustersOf } from "./logic";

/** Asks, with the name typed, before a bundle goes: its objects leave every cluster. */
export function DeleteBundle({ bundle, onClose, onDone }: { readonly bundle: Bundle; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  return (
    <DeleteObject plural="bundles" name={bundle.metadata.name} typed onClose={onClose} onDone={onDone}>
      {t("bundles:delete.body", { count: clustersOf(bundle).length })}
    </DeleteObject>
  );
}
