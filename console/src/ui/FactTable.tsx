import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { Column } from "./ResourceTable";

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Omit<Column<T>, "sort">[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/** A short table within a page, in the order given; stacked on a phone. What may be long is a ResourceTable's. */
export function FactTable<T>({ label, columns, rows, rowKey }: Props<T>) {
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-md">
      <Thead>
        <Tr>
          {columns.map((column) => (
            <Th key={column.key} width={column.width}>
              {column.title}
            </Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={rowKey(row)}>
            {columns.map((column) => (
              <Td key={column.key} dataLabel={column.title} modifier={column.loose ? "breakWord" : undefined}>
                {column.cell(row)}
              </Td>
            ))}
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
