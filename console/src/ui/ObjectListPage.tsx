import { PageSection } from "@patternfly/react-core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ComponentProps, ReactNode } from "react";
import type { ApiError } from "../api/errors";
import type { Kinds, ObjectList, Plural } from "../api/types";
import { useT } from "../app/i18n";
import { EmptyPage } from "./EmptyPage";
import { SearchIcon } from "./icons";
import { ListToolbar, type Filter } from "./ListToolbar";
import { ObjectError } from "./ObjectError";
import { PageHeader } from "./PageHeader";
import { ResourceTable } from "./ResourceTable";

type TableProps<P extends Plural> = ComponentProps<typeof ResourceTable<Kinds[P]>>;

interface Props<P extends Plural> extends Pick<TableProps<P>, "columns" | "actions" | "primaryAction" | "selection"> {
  readonly plural: P;
  readonly list: UseQueryResult<ObjectList<Kinds[P]>, ApiError>;
  /** What search and filters leave of the list. */
  readonly rows: TableProps<P>["rows"];
  /** Whether something is searched or filtered for, so that no rows need not mean that there is nothing. */
  readonly filtered: boolean;
  readonly filters?: readonly Filter[];
  /** What can be done with the chosen rows, beside the search. */
  readonly tools?: ReactNode;
  readonly create?: ReactNode;
  /** Stands where there is nothing yet; not needed for what there always is some of. */
  readonly empty?: ReactNode;
}

/** The page of all objects of a kind: what they are, how to make one, search and filters, and the table. */
export function ObjectListPage<P extends Plural>({ plural, list, rows, filtered, filters, tools, create, empty, ...table }: Props<P>) {
  const { t } = useT();
  const noun: Plural = plural;
  const noMatch = (
    <EmptyPage title={t("common:noMatch.title")} icon={SearchIcon}>
      {t("common:noMatch.body")}
    </EmptyPage>
  );
  return (
    <>
      <PageHeader title={t(`app:pages.${noun}`)} description={t(`${noun}:list.description`)} actions={create} />
      <PageSection hasBodyWrapper={false} isFilled>
        {list.error && <ObjectError error={list.error} title={t(`${noun}:list.failed`)} onRetry={() => void list.refetch()} />}
        <ListToolbar searchLabel={t(`${noun}:list.search`)} filters={filters}>
          {tools}
        </ListToolbar>
        {/* A list that could not be read is not an empty one. */}
        {(!list.error || list.data) && (
          <ResourceTable
            {...table}
            label={t(`app:pages.${noun}`)}
            rows={rows}
            rowKey={(row) => row.metadata.name}
            empty={filtered ? noMatch : (empty ?? noMatch)}
          />
        )}
      </PageSection>
    </>
  );
}
