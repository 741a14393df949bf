import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { DeleteObject } from "../../ui/DeleteObject";
import { bundlesOf } from "./logic";

/** Asks before a group goes, and says which bundles still need it. */
export function DeleteGroup({ name, onClose, onDone }: { readonly name: string; readonly onClose: () => void; readonly onDone: () => void }) {
  const { t } = useT();
  const bundles = useList("bundles");
  const needed = bundlesOf(name, bundles.data?.items ?? []).map(({ metadata }) => metadata.name);
  return (
    <DeleteObject plural="groups" name={name} onClose={onClose} onDone={onDone}>
      {needed.length > 0 ? t("groups:delete.needed", { bundles: needed.join(", ") }) : t("groups:delete.body")}
    </DeleteObject>
  );
}
