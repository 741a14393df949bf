import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useId } from "react";
import { useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { testRuns, type TestRun } from "./logic";
import { useTests } from "./queries";

const VARIANTS = { runs: "info", waits: "warning", none: "info", passed: "success", failed: "danger" } as const satisfies Record<TestRun["how"], string>;

/** Has the chart's own tests run and shows how each goes, as the clusters tell it. */
export function TestDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useT();
  const id = useId();
  const release = useObject("releases", name);
  const tests = useTests();
  const runs = release.data ? testRuns(release.data) : [];
  const busy = tests.isPending || runs.some(({ how }) => how === "runs");
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t("releases:test.title", { name })} description={t("releases:test.description")} labelId={id} />
      <ModalBody>
        {tests.error && <ObjectError error={tests.error} title={t("releases:failed.test", { name })} />}
        <div role="status">
          {runs.map(({ cluster, how, lines }) => (
            <Alert key={cluster} variant={VARIANTS[how]} isInline className="ngy-gap-bottom" title={t(`releases:test.${how}`, { cluster })}>
              {lines.map(({ object, passed, message }) => (
                <div key={object}>
                  <code>{object}</code> {t(passed ? "releases:test.ok" : "releases:test.bad")} <span lang="en">{message}</span>
                </div>
              ))}
            </Alert>
          ))}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button isLoading={busy} isDisabled={busy} onClick={() => tests.mutate(name)}>
          {t("releases:action.test")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("common:close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
