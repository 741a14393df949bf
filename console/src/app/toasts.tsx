import { Alert, AlertActionCloseButton, AlertGroup } from "@patternfly/react-core";
import { useSyncExternalStore } from "react";
import { asApiError, type ApiError } from "../api/errors";
import { announce } from "./announce";
import { reasonText, useT } from "./i18n";

interface Toast {
  readonly id: number;
  readonly variant: "success" | "danger" | "info";
  readonly title: string;
  readonly error?: ApiError;
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();
function change(to: readonly Toast[]): void {
  toasts = to;
  for (const listener of listeners) {
    listener();
  }
}

/** Tells of something that went through, away from where it was asked for. */
export function tell(title: string): void {
  announce(title);
  change([...toasts.slice(-3), { id: next++, variant: "success", title }]);
}

/** Tells of something that failed after the page had already shown it as done. */
export function tellFailure(title: string, error: unknown): void {
  change([...toasts.slice(-3), { id: next++, variant: "danger", title, error: asApiError(error) }]);
}

export function Toasts() {
  const { t, i18n } = useT();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  const close = (id: number) => change(toasts.filter((toast) => toast.id !== id));
  return (
    <AlertGroup isToast isLiveRegion={false} aria-label={t("app:notices")}>
      {shown.map((toast) => (
        <Alert
          key={toast.id}
          variant={toast.variant}
          title={toast.title}
          // A failure stays until it was read.
          timeout={toast.variant === "danger" ? false : 6000}
          onTimeout={() => close(toast.id)}
          role={toast.variant === "danger" ? "alert" : undefined}
          actionClose={<AlertActionCloseButton onClose={() => close(toast.id)} aria-label={t("common:close")} />}
        >
          {toast.error && (
            <>
              {reasonText(i18n, toast.error.reason, undefined) !== toast.error.reason && <p>{reasonText(i18n, toast.error.reason, undefined)}</p>}
              {toast.error.code !== 0 && <p lang="en">{toast.error.message}</p>}
            </>
          )}
        </Alert>
      ))}
    </AlertGroup>
  );
}
