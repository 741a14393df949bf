import { Modal, ModalBody, ModalHeader } from "@patternfly/react-core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useId, useState, type ReactNode } from "react";
import { onPasswordDue, onSessionOver } from "../api/client";
import { meQuery, roleOf, type Role } from "../api/session";
import type { Me } from "../api/types";
import { LoginForm } from "../features/login/LoginForm";
import { LoginPage } from "../features/login/LoginPage";
import { NewPasswordForm } from "../features/login/NewPasswordForm";
import { NewPasswordPage } from "../features/login/NewPasswordPage";
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

/** Draws what is for people who are logged in, and asks the others to log in. */
export function Session({ children }: { readonly children: ReactNode }) {
  const cache = useQueryClient();
  const me = useQuery(meQuery);
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
  return <LoggedIn me={me.data}>{children}</LoggedIn>;
}

/**
 * Who comes in with a password that somebody else knows chooses one before anything is drawn or asked of the server. When that, or the
 * session's end, comes in the middle of work, the question comes on top and what was typed below stays.
 */
function LoggedIn({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  const cache = useQueryClient();
  const { t } = useT();
  const due = me.mustChangePassword === true;
  const [over, setOver] = useState(false);
  const [entered, setEntered] = useState(!due);
  if (!entered && !due) {
    setEntered(true);
  }

  useEffect(() => onSessionOver(() => setOver(true)), []);
  useEffect(() => onPasswordDue(() => void cache.invalidateQueries({ queryKey: meQuery.queryKey })), [cache]);

  return (
    <MeContext.Provider value={me}>
      {entered ? <LiveUpdates on={!over && !due}>{children}</LiveUpdates> : <NewPasswordPage user={me.name} />}
      {over ? (
        <OnTop title={t("login:again.title")} body={t("login:again.body")}>
          <LoginForm
            user={me.name}
            onLogin={() => {
              setOver(false);
              void cache.invalidateQueries();
            }}
          />
        </OnTop>
      ) : (
        entered &&
        due && (
          <OnTop title={t("login:newPassword.title")} body={t("login:newPassword.body")}>
            <NewPasswordForm user={me.name} />
          </OnTop>
        )
      )}
    </MeContext.Provider>
  );
}

/** A question that must be answered before work goes on; there is no closing it. */
function OnTop({ title, body, children }: { readonly title: string; readonly body: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <Modal isOpen variant="small" aria-labelledby={id}>
      <ModalHeader title={title} description={body} labelId={id} />
      <ModalBody>{children}</ModalBody>
    </Modal>
  );
}
