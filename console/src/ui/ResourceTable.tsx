import { Pagination, Skeleton } from "@patternfly/react-core";
import { ActionsColumn, Table, Tbody, Td, Th, Thead, Tr, type IAction } from "@patternfly/react-table";
import type { ReactNode } from "react";
import { useT } from "../app/i18n";
import { useUrlState } from "./useUrlState";

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** What to sort by; a column without it is not sorted by. */
  readonly sort?: (row: T) => string | number;
  /** May be cut anywhere to fit: for references and messages, not for names. */
  readonly loose?: boolean;
  readonly width?: 10 | 15 | 20 | 25 | 30 | 35 | 40 | 45 | 50;
}

interface Props<T> {
  readonly label: string;
  /** Tells its order and page in the address from those of another table on the page. */
  readonly name?: string;
  /** Rows on a page of it; fewer than usual where other things stand below. */
  readonly perPage?: number;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[] | undefined;
  readonly rowKey: (row: T) => string;
  readonly actions?: (row: T) => IAction[];
  readonly primaryAction?: (row: T) => ReactNode;
  readonly selection?: { readonly chosen: ReadonlySet<string>; readonly onChange: (chosen: ReadonlySet<string>) => void };
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

/** Rows drawn at once: more cost over a second for each thousand (measured), so the rest are on further pages. */
const PAGE = 50;

/** A table of objects: sorted by the address, a page at a time, stacked on a phone. */
export function ResourceTable<T>({ label, name, perPage = PAGE, columns, rows, rowKey, actions, primaryAction, selection, empty }: Props<T>) {
  const { t, language } = useT();
  const [sort, setSort] = useUrlState(name ? `${name}.sort` : "sort", columns[0]?.key ?? "");
  const [pageText, setPage] = useUrlState(name ? `${name}.page` : "page", "1");

  if (rows === undefined) {
    return (
      <div aria-busy="true">
        {[0, 1, 2, 3].map((row) => (
          <Skeleton key={row} height="2.5rem" className="ngy-gap-top" screenreaderText={row === 0 ? t("common:loading") : undefined} />
        ))}
      </div>
    );
  }
  if (rows.length === 0) {
    return <>{empty}</>;
  }

  const descending = sort.startsWith("-");
  const by = columns.findIndex((column) => column.key === sort.replace(/^-/, ""));
  const key = columns[by]?.sort;
  const collator = new Intl.Collator(language, { numeric: true });
  const sorted = key
    ? rows.toSorted((a, b) => {
        const [x, y] = [key(a), key(b)];
        const order = typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y));
        return descending ? -order : order;
      })
    : rows;
  const pages = Math.ceil(rows.length / perPage);
  const page = Math.min(Math.max(1, Number.parseInt(pageText, 10) || 1), pages);
  const first = (page - 1) * perPage;
  const shown = sorted.slice(first, first + perPage);
  const pagination = (at: "top" | "bottom") =>
    pages > 1 && (
      <Pagination
        variant={at}
        itemCount={rows.length}
        perPage={perPage}
        page={page}
        perPageOptions={[]}
        isCompact
        onSetPage={(_, next) => setPage(String(next))}
        toggleTemplate={() => <></>} // its words are English and hidden on wide screens; ours stand before the buttons
        titles={{
          paginationAriaLabel: t(`common:pages.${at}`),
          toPreviousPageAriaLabel: t("common:previous"),
          toNextPageAriaLabel: t("common:next"),
        }}
      >
        <span className="ngy-quiet">{t("common:range", { from: first + 1, to: first + shown.length, total: rows.length })}</span>
      </Pagination>
    );

  return (
    <>
      {pagination("top")}
      <Table aria-label={label} aria-rowcount={rows.length + 1} variant="compact" gridBreakPoint="grid-md">
        <Thead>
          <Tr aria-rowindex={1}>
            {selection && (
              <Th
                aria-label={t("common:selectAll")}
                select={{
                  isSelected: shown.every((row) => selection.chosen.has(rowKey(row))),
                  // What is chosen on other pages stays.
                  onSelect: (_, on) => {
                    const here = shown.map(rowKey);
                    const elsewhere = [...selection.chosen].filter((id) => !here.includes(id));
                    selection.onChange(new Set(on ? [...elsewhere, ...here] : elsewhere));
                  },
                }}
              />
            )}
            {columns.map((column, index) => (
              <Th
                key={column.key}
                width={column.width}
                modifier="nowrap"
                sort={
                  column.sort && {
                    columnIndex: index,
                    sortBy: { index: by, direction: descending ? "desc" : "asc" },
                    onSort: (_, __, direction) => setSort(direction === "desc" ? `-${column.key}` : column.key),
                  }
                }
              >
                {column.title}
              </Th>
            ))}
            {primaryAction && <Th screenReaderText={t("common:primaryAction")} />}
            {actions && <Th screenReaderText={t("common:actions")} />}
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((row, index) => {
            const id = rowKey(row);
            const items = actions?.(row) ?? [];
            return (
              <Tr key={id} aria-rowindex={first + index + 2} isRowSelected={selection?.chosen.has(id)}>
                {selection && (
                  <Td
                    select={{
                      rowIndex: index,
                      isSelected: selection.chosen.has(id),
                      onSelect: (_, on) => {
                        const next = new Set(selection.chosen);
                        if (on) {
                          next.add(id);
                        } else {
                          next.delete(id);
                        }
                        selection.onChange(next);
                      },
                    }}
                  />
                )}
                {columns.map((column) => (
                  <Td key={column.key} dataLabel={column.title} modifier={column.loose ? "breakWord" : undefined}>
                    {column.cell(row)}
                  </Td>
                ))}
                {primaryAction && <Td className="ngy-row-action">{primaryAction(row)}</Td>}
                {actions && <Td isActionCell>{items.length > 0 && <ActionsColumn items={items} />}</Td>}
              </Tr>
            );
          })}
        </Tbody>
      </Table>
      {pagination("bottom")}
    </>
  );
}
