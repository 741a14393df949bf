import { Label } from "@patternfly/react-core";
import type { EventLine } from "../api/types";
import { useT } from "../app/i18n";
import { Age } from "./Age";
import { EmptyPage } from "./EmptyPage";
import { FactTable } from "./FactTable";
import { HistoryIcon, ExclamationTriangleIcon } from "./icons";

/** Events shown; older ones say little about now. */
const SHOWN = 100;

/** Kubernetes events as Kubernetes tells them; newest first. */
export function EventTable({ events }: { readonly events: readonly EventLine[] }) {
  const { t } = useT();
  if (events.length === 0) {
    return (
      <EmptyPage title={t("workspaces:events.empty.title")} icon={HistoryIcon}>
        {t("workspaces:events.empty.body")}
      </EmptyPage>
    );
  }
  return (
    <FactTable
      label={t("workspaces:tab.events")}
      rows={events.slice(0, SHOWN)}
      rowKey={(event) => `${event.at}${event.object}${event.reason}${event.message}`}
      columns={[
        {
          key: "when",
          title: t("workspaces:events.when"),
          cell: (event) => (
            <>
              <Age at={event.at} />
              {event.count > 1 && ` ×${event.count}`}
            </>
          ),
        },
        {
          key: "reason",
          title: t("workspaces:events.reason"),
          cell: (event) =>
            event.type === "Warning" ? (
              <Label status="warning" isCompact icon={<ExclamationTriangleIcon />}>
                {event.reason}
              </Label>
            ) : (
              event.reason
            ),
        },
        { key: "object", title: t("workspaces:events.object"), loose: true, cell: (event) => event.object },
        { key: "message", title: t("workspaces:events.message"), loose: true, width: 50, cell: (event) => <span lang="en">{event.message}</span> },
      ]}
    />
  );
}
