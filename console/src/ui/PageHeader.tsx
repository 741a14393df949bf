import { Breadcrumb, BreadcrumbItem, Content, Flex, FlexItem, PageSection, Title } from "@patternfly/react-core";
import { useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "react-router";

interface Props {
  readonly title: string;
  readonly description?: ReactNode;
  /** Stands beside the title: a status. */
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly parent?: { readonly to: string; readonly title: string };
  readonly children?: ReactNode;
}

/** The top of every page. Takes the focus when the route changes, so that a screen reader says where one is. */
export function PageHeader({ title, description, badge, actions, parent, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    document.title = `${title} · Nagaya`;
  }, [title]);
  useEffect(() => {
    // A field that asked for the focus (a search, a form's first) keeps it.
    if (document.activeElement === document.body || document.activeElement === null || document.activeElement.closest("nav")) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <PageSection hasBodyWrapper={false} className="ngy-page-header">
      {parent && (
        <Breadcrumb className="ngy-breadcrumb">
          <BreadcrumbItem render={({ className }) => <Link to={parent.to} className={className}>{parent.title}</Link>} />
          <BreadcrumbItem isActive>{title}</BreadcrumbItem>
        </Breadcrumb>
      )}
      <Flex
        justifyContent={{ default: "justifyContentSpaceBetween" }}
        alignItems={{ default: "alignItemsCenter" }}
        rowGap={{ default: "rowGapSm" }}
      >
        <FlexItem className="ngy-heading">
          <Flex alignItems={{ default: "alignItemsCenter" }} columnGap={{ default: "columnGapMd" }}>
            <Title headingLevel="h1" tabIndex={-1} ref={heading}>
              {title}
            </Title>
            {badge}
          </Flex>
        </FlexItem>
        {actions && (
          <Flex columnGap={{ default: "columnGapSm" }} rowGap={{ default: "rowGapSm" }}>
            {actions}
          </Flex>
        )}
      </Flex>
      {description && <Content component="p" className="ngy-description">{description}</Content>}
      {children}
    </PageSection>
  );
}
