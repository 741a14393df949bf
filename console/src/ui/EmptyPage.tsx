import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from "@patternfly/react-core";
import type { ComponentType, ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly icon: ComponentType;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where there is nothing yet: why, and what to do about it. */
export function EmptyPage({ title, icon, children, action }: Props) {
  return (
    <EmptyState headingLevel="h2" titleText={title} icon={icon}>
      {children && <EmptyStateBody>{children}</EmptyStateBody>}
      {action && (
        <EmptyStateFooter>
          <EmptyStateActions>{action}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
