// The look of tabs on plain links: PatternFly's own Tabs name a panel that pages with addresses do not have.
import "@patternfly/react-styles/css/components/Tabs/tabs.css";
import { PageSection } from "@patternfly/react-core";
import { Link } from "react-router";

interface Props {
  readonly label: string;
  readonly active: string | undefined;
  readonly tabs: readonly { readonly key: string; readonly title: string; readonly to: string }[];
}

/** Tabs that have addresses. */
export function TabLinks({ label, active, tabs }: Props) {
  return (
    <PageSection hasBodyWrapper={false} type="tabs">
      <nav className="pf-v6-c-tabs" aria-label={label}>
        <ul className="pf-v6-c-tabs__list">
          {tabs.map(({ key, title, to }) => (
            <li key={key} className={key === active ? "pf-v6-c-tabs__item pf-m-current" : "pf-v6-c-tabs__item"}>
              <Link to={to} className="pf-v6-c-tabs__link" aria-current={key === active ? "page" : undefined}>
                <span className="pf-v6-c-tabs__item-text">{title}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </PageSection>
  );
}
