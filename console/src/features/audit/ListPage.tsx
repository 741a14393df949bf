import { Button, Label, PageSection } from "@patternfly/react-core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";
import type { AuditRecord, ObjectList } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { ClipboardListIcon } from "../../ui/icons";
import { ListToolbar, matches } from "../../ui/ListToolbar";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { ResourceTable } from "../../ui/ResourceTable";
import { useUrlState } from "../../ui/useUrlState";

const PAGE = 200;

/** Who changed what, newest first, as far back as one reads on. */
export default function AuditPage() {
  const { t } = useT();
  const [search] = useUrlState("q");
  const query = useInfiniteQuery<ObjectList<AuditRecord>, ApiError, { pages: ObjectList<AuditRecord>[] }, readonly unknown[], string | undefined>({
    queryKey: ["audit"],
    queryFn: async ({ pageParam, signal }) =>
      (await answer(
        client.GET("/api/v1alpha1/audit", { params: { query: { limit: PAGE, ...(pageParam ? { continue: pageParam } : {}) } }, signal }),
      )) as ObjectList<AuditRecord>,
    initialPageParam: undefined,
    getNextPageParam: (last) => last.metadata?.continue || undefined,
    staleTime: 5_000,
    refetchInterval: 15_000,
  });
  const all = query.data?.pages.flatMap((page) => page.items);
  const rows = all?.filter((record) => matches(search, record.user, record.verb, record.kind, record.name));
  return (
    <>
      <PageHeader title={t("app:pages.audit")} description={t("audit:list.description")} />
      <PageSection hasBodyWrapper={false} isFilled>
        {query.error && <ObjectError error={query.error} title={t("audit:list.failed")} onRetry={() => void query.refetch()} />}
        <ListToolbar searchLabel={t("audit:list.search")} />
        <ResourceTable
          label={t("app:pages.audit")}
          rows={query.error && !all ? [] : rows}
          rowKey={(row) => String(row.id)}
          columns={[
            { key: "when", title: t("workspaces:events.when"), cell: (row) => <Age at={row.at} /> },
            { key: "who", title: t("audit:column.who"), cell: (row) => row.user || "–" },
            { key: "verb", title: t("audit:column.verb"), cell: (row) => row.verb },
            { key: "object", title: t("workspaces:events.object"), cell: (row) => [row.kind, row.name].filter(Boolean).join(" ") || "–" },
            { key: "result", title: t("audit:column.result"), cell: (row) => <Result record={row} /> },
            { key: "changes", title: t("audit:column.changes"), width: 35, loose: true, cell: (row) => <Changes record={row} /> },
          ]}
          empty={
            <EmptyPage title={search ? t("common:noMatch.title") : t("audit:list.empty")} icon={ClipboardListIcon}>
              {search ? t("common:noMatch.body") : undefined}
            </EmptyPage>
          }
        />
        {query.hasNextPage && (
          <div className="ngy-actions ngy-gap-top">
            <Button variant="secondary" isLoading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("audit:list.older")}
            </Button>
          </div>
        )}
      </PageSection>
    </>
  );
}

/** Longest text of a value shown in a line. */
const LONG = 60;

/** What changed: each field with what it was and what it is. */
function Changes({ record }: { readonly record: AuditRecord }) {
  const show = (value: unknown) => {
    const text = value === undefined ? "∅" : typeof value === "string" ? value : JSON.stringify(value);
    return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
  };
  return (
    <div className="ngy-small">
      {record.message && <div lang="en">{record.message}</div>}
      {record.changes?.slice(0, 6).map((change) => (
        <div key={change.field}>
          <code>{change.field}</code> {show(change.before)} → {show(change.after)}
        </div>
      ))}
    </div>
  );
}

function Result({ record }: { readonly record: AuditRecord }) {
  const { t, i18n } = useT();
  const good = record.result === "ok";
  return (
    <Label isCompact variant="outline" status={good ? "success" : "warning"}>
      {good ? t("audit:result.done") : i18n.exists(`reasons:${record.result}`) ? t("audit:result.refused") : record.result}
    </Label>
  );
}
