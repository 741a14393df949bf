import { Link } from "react-router";
import type { Metadata } from "../api/types";
import type { Column } from "./ResourceTable";

/** The first column of a list: the name, which leads to the object's page, and below it what people call it, where they do. */
export function nameColumn<T extends { readonly metadata: Metadata }>(
  plural: "clusters" | "groups" | "bundles" | "sources" | "repositories" | "releases" | "teams" | "templates" | "workspaces",
  title: string,
  called?: (row: T) => string | undefined,
): Column<T> {
  return {
    key: "name",
    title,
    sort: (row) => row.metadata.name,
    cell: (row) => (
      <>
        <Link to={`/${plural}/${row.metadata.name}`}>{row.metadata.name}</Link>
        {called?.(row) && <div className="ngy-small ngy-quiet">{called(row)}</div>}
      </>
    ),
  };
}
