import { Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { onSessionOver } from "../api/client";
import { meQuery, roleOf, type Role } from "../api/session";
import type { Me } from "../api/types";
import { LoginForm } from "../features/login/LoginForm";
import { LoginPage } from "../features/login/LoginPage";
import { ObjectError } from "../ui/ObjectError";
import { useT } from "./i18n";
import { LiveUpdates } from "./live";

const MeContext = createContext<Me | undefined>(undefined);

/** Who is logged in. Only below `Session`, which draws nothing else before it knows. */
export function useMe(): Me & { readonly role: Role } {
  const me = useContext(MeContext);
  if (!me) {
    throw new Error("useMe outside Session");
  }
  return { ...me, role: roleOf(me) };
}

/** Draws what is for people who are logged in, and asks the others to log in. When a session ends in the middle of work, the question
 * comes on top and what was typed below stays. */
export function Session({ children }: { readonly children: ReactNode }) {
  const cache = useQueryClient();
  const { t } = useT();
  const me = useQuery(meQuery);
  const [over, setOver] = useState(false);

  useEffect(() => onSessionOver(() => setOver(true)), []);

  if (me.isPending) {
    return null;
  }
  if (me.isError) {
    return (
      <div className="ngy-centered">
        <ObjectError error={me.error} onRetry={() => void me.refetch()} />
      </div>
    );
  }
  if (me.data === null) {
    return <LoginPage onLogin={() => void cache.invalidateQueries()} />;
  }
  return (
    <MeContext.Provider value={me.data}>
      <LiveUpdates on={!over}>{children}</LiveUpdates>
      {over && (
        <Modal isOpen variant="small" aria-labelledby="again-title">
          <ModalHeader title={t("login:again.title")} description={t("login:again.body")} labelId="again-title" />
          <ModalBody>
            <LoginForm
              user={me.data.name}
              onLogin={() => {
                setOver(false);
                void cache.invalidateQueries();
              }}
            />
          </ModalBody>
        </Modal>
      )}
    </MeContext.Provider>
  );
}
