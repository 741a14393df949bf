import type { ReactNode } from "react";
import { useDelete } from "../api/resources";
import { useT } from "../app/i18n";
import { tell } from "../app/toasts";
import { Confirm } from "./Confirm";

interface Props {
  readonly plural: "clusters" | "groups" | "bundles" | "sources" | "repositories" | "teams" | "templates";
  readonly name: string;
  /** Whether the name must be typed: for what takes other people's work along. */
  readonly typed?: boolean;
  /** What the server has to be told beside the name. */
  readonly query?: { readonly objects: string };
  readonly children: ReactNode;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before an object is deleted, deletes it and says so. */
export function DeleteObject({ plural, name, typed, query, children, onClose, onDone }: Props) {
  const { t } = useT();
  const remove = useDelete(plural, query);
  return (
    <Confirm
      title={t(`${plural}:delete.title`, { name })}
      action={t("common:delete")}
      typed={typed ? name : undefined}
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() =>
        remove.mutate(name, {
          onSuccess: () => {
            tell(t(`${plural}:delete.done`, { name }));
            onDone();
          },
        })
      }
    >
      {children}
    </Confirm>
  );
}
