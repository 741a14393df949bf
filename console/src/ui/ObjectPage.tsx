// The look of tabs on plain links: PatternFly's own Tabs name a panel that pages with addresses do not have.
import "@patternfly/react-styles/css/components/Tabs/tabs.css";
import { Button, PageSection } from "@patternfly/react-core";
import { Suspense, type ReactNode } from "react";
import { Link } from "react-router";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiError } from "../api/errors";
import { useT } from "../app/i18n";
import { EmptyPage } from "./EmptyPage";
import { QuestionIcon } from "./icons";
import { ObjectError } from "./ObjectError";
import { PageHeader } from "./PageHeader";
import { RouterLink } from "./RouterLink";
import { Waiting } from "./Waiting";

interface Props<T> {
  readonly name: string;
  readonly title?: (object: T) => string;
  readonly query: UseQueryResult<T, ApiError>;
  readonly parent: { readonly to: string; readonly title: string };
  readonly notFound: string;
  readonly badge?: (object: T) => ReactNode;
  readonly actions?: (object: T) => ReactNode;
  /** The tab in the address; the first one has the object's own address. */
  readonly tab: string | undefined;
  readonly tabs: readonly { readonly key: string; readonly title: string; readonly content: (object: T) => ReactNode }[];
  readonly above?: (object: T) => ReactNode;
}

/** The page of one object: what it is called and how it does, what can be done with it, and tabs that have addresses. */
export function ObjectPage<T>({ name, title, query, parent, notFound, badge, actions, tab, tabs, above }: Props<T>) {
  const { t } = useT();
  const object = query.data;
  if (query.error && (query.error.code === 404 || object === undefined)) {
    return (
      <>
        <PageHeader title={name} parent={parent} />
        <PageSection hasBodyWrapper={false}>
          {query.error.code === 404 ? (
            <EmptyPage
              title={notFound}
              icon={QuestionIcon}
              action={
                <Button component={RouterLink} href={parent.to}>
                  {parent.title}
                </Button>
              }
            />
          ) : (
            <ObjectError error={query.error} onRetry={() => void query.refetch()} />
          )}
        </PageSection>
      </>
    );
  }
  if (object === undefined) {
    return <Waiting />;
  }
  const first = tabs[0]?.key ?? "";
  const active = tabs.find((item) => item.key === tab) ?? tabs[0];
  const address = (key: string) => (key === first ? `${parent.to}/${name}` : `${parent.to}/${name}/${key}`);
  return (
    <>
      <PageHeader title={title?.(object) ?? name} parent={parent} badge={badge?.(object)} actions={actions?.(object)} />
      {tabs.length > 1 && (
        <PageSection hasBodyWrapper={false} type="tabs">
          <nav className="pf-v6-c-tabs" aria-label={name}>
            <ul className="pf-v6-c-tabs__list">
              {tabs.map((item) => (
                <li key={item.key} className={item === active ? "pf-v6-c-tabs__item pf-m-current" : "pf-v6-c-tabs__item"}>
                  <Link to={address(item.key)} className="pf-v6-c-tabs__link" aria-current={item === active ? "page" : undefined}>
                    <span className="pf-v6-c-tabs__item-text">{item.title}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        </PageSection>
      )}
      <PageSection hasBodyWrapper={false} isFilled>
        {above?.(object)}
        <Suspense fallback={t("common:loading")}>{active?.content(object)}</Suspense>
      </PageSection>
    </>
  );
}
