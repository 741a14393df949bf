import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from "@patternfly/react-core";
import type { ReactNode } from "react";

/** Facts about an object, a term and its value each; those without a value are left out. */
export function Entries({ entries }: { readonly entries: readonly (readonly [string, ReactNode])[] }) {
  return (
    <DescriptionList isHorizontal isCompact>
      {entries
        .filter(([, value]) => value !== undefined && value !== null && value !== "")
        .map(([term, value]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription>{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
    </DescriptionList>
  );
}
