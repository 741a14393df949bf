import { PageSection, Skeleton } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import { useT } from "../app/i18n";

/** Stands in for a page that loads: nothing for 300 ms, then its outline, after a second in words for those who hear it. */
export function Waiting() {
  const { t } = useT();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) {
    return null;
  }
  return (
    <PageSection hasBodyWrapper={false} aria-busy="true" aria-label={t("common:loading")}>
      <Skeleton width="30%" fontSize="2xl" screenreaderText={t("common:loading")} />
      <br />
      <Skeleton width="100%" height="4rem" />
      <br />
      <Skeleton width="100%" height="12rem" />
    </PageSection>
  );
}
