import { Alert, Button } from "@patternfly/react-core";
import { useT } from "../app/i18n";

/** Somebody else wrote the object while its form was open: nothing typed is lost, and the newest state is taken when asked for. */
export function ChangedMeanwhile({ onLoad }: { readonly onLoad: () => void }) {
  const { t } = useT();
  return (
    <Alert
      variant="warning"
      isInline
      title={t("common:changedMeanwhile.title")}
      actionLinks={
        <Button variant="link" isInline onClick={onLoad}>
          {t("common:changedMeanwhile.load")}
        </Button>
      }
    >
      {t("common:changedMeanwhile.body")}
    </Alert>
  );
}
