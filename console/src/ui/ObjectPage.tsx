import { Button, PageSection } from "@patternfly/react-core";
import { lazy, Suspense, type ReactNode } from "react";
import { useParams } from "react-router";
import { useObject } from "../api/resources";
import type { Kinds } from "../api/types";
import { useT } from "../app/i18n";
import { EmptyPage } from "./EmptyPage";
import { QuestionIcon } from "./icons";
import { ObjectError } from "./ObjectError";
import { Origin } from "./Origin";
import { PageHeader } from "./PageHeader";
import { RouterLink } from "./RouterLink";
import { TabLinks } from "./TabLinks";
import { Waiting } from "./Waiting";

const YamlView = lazy(() => import("./YamlView"));

interface Props<P extends Paged> {
  readonly plural: P;
  /** What people call it, if anything. */
  readonly title?: (object: Kinds[P]) => string | undefined;
  readonly badge?: (object: Kinds[P]) => ReactNode;
  readonly actions?: (object: Kinds[P]) => ReactNode;
  /** The tabs before the last, which is the object's YAML. The one in the address is shown; the first has the object's own address. */
  readonly tabs: readonly Tab<Kinds[P]>[];
  /** The YAML's tab, where it is more than a view. */
  readonly yaml?: (object: Kinds[P]) => ReactNode;
  readonly above?: (object: Kinds[P]) => ReactNode;
}

/** Kinds whose objects have a page at `/<plural>/:name/:tab?`. */
type Paged = "clusters" | "groups" | "bundles" | "sources" | "repositories" | "releases" | "teams" | "templates" | "workspaces";

interface Tab<T> {
  readonly key: string;
  readonly title: string;
  readonly content: (object: T) => ReactNode;
}

/** The page of the object in the address: what it is called and how it does, what can be done with it, and tabs that have addresses. */
export function ObjectPage<P extends Paged>({ plural, title, badge, actions, tabs: own, yaml, above }: Props<P>) {
  const { name = "", tab } = useParams();
  const { t } = useT();
  const noun: Paged = plural;
  const query = useObject(plural, name);
  const object = query.data;
  const parent = { to: `/${plural}`, title: t(`app:pages.${noun}`) };
  if (query.error && (query.error.code === 404 || object === undefined)) {
    return (
      <>
        <PageHeader title={name} parent={parent} />
        <PageSection hasBodyWrapper={false}>
          {query.error.code === 404 ? (
            <EmptyPage
              title={t(`${noun}:detail.notFound`, { name })}
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
  const tabs = [...own, { key: "yaml", title: t("common:yaml"), content: yaml ?? ((shown: Kinds[P]) => <YamlView object={shown} />) }];
  const first = tabs[0]?.key ?? "";
  const active = tabs.find((item) => item.key === tab) ?? tabs[0];
  const address = (key: string) => (key === first ? `${parent.to}/${name}` : `${parent.to}/${name}/${key}`);
  return (
    <>
      <PageHeader title={title?.(object) || name} parent={parent} badge={badge?.(object)} actions={actions?.(object)} />
      <TabLinks label={name} active={active?.key} tabs={tabs.map(({ key, title: text }) => ({ key, title: text, to: address(key) }))} />
      <PageSection hasBodyWrapper={false} isFilled>
        <Origin metadata={object.metadata} />
        {above?.(object)}
        <Suspense fallback={t("common:loading")}>{active?.content(object)}</Suspense>
      </PageSection>
    </>
  );
}
