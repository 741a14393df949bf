import { useSearchParams } from "react-router";

/** A part of the page's state that lives in the address, so that it can be bookmarked, sent and gone back to. */
export function useUrlState(name: string, initial = ""): readonly [string, (value: string) => void] {
  const [query, setQuery] = useSearchParams();
  const set = (value: string) =>
    setQuery(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === initial) {
          next.delete(name);
        } else {
          next.set(name, value);
        }
        // In another order, or of another choice, one begins at the first page.
        if (name.endsWith("sort")) {
          next.delete(name.replace(/sort$/, "page"));
        } else if (!name.endsWith("page")) {
          next.delete("page");
        }
        return next;
      },
      { replace: true },
    );
  return [query.get(name) ?? initial, set];
}
