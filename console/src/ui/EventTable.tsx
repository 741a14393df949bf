import { Label } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { EventLine } from "../api/types";
import { useT } from "../app/i18n";
import { Age } from "./Age";
import { EmptyPage } from "./EmptyPage";
import { HistoryIcon, ExclamationTriangleIcon } from "./icons";

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
    <Table aria-label={t("workspaces:tab.events")} variant="compact" gridBreakPoint="grid-md">
      <Thead>
        <Tr>
          <Th>{t("workspaces:events.when")}</Th>
          <Th>{t("workspaces:events.reason")}</Th>
          <Th>{t("workspaces:events.object")}</Th>
          <Th width={50}>{t("workspaces:events.message")}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {events.map((event) => (
          <Tr key={`${event.at}${event.object}${event.reason}${event.message}`}>
            <Td dataLabel={t("workspaces:events.when")}>
              <Age at={event.at} />
              {event.count > 1 && ` ×${event.count}`}
            </Td>
            <Td dataLabel={t("workspaces:events.reason")}>
              {event.type === "Warning" ? (
                <Label status="warning" isCompact icon={<ExclamationTriangleIcon />}>
                  {event.reason}
                </Label>
              ) : (
                event.reason
              )}
            </Td>
            <Td dataLabel={t("workspaces:events.object")} modifier="breakWord">
              {event.object}
            </Td>
            <Td dataLabel={t("workspaces:events.message")} modifier="breakWord">
              <span lang="en">{event.message}</span>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
