import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useId } from "react";
import type { Release } from "../../api/types";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";
import { useTests } from "./queries";

/** Runs the chart's own tests and shows how each went. */
export function TestDialog({ release, onClose }: { readonly release: Release; readonly onClose: () => void }) {
  const { t } = useT();
  const id = useId();
  const tests = useTests();
  const { name } = release.metadata;
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t("releases:test.title", { name })} description={t("releases:test.description")} labelId={id} />
      <ModalBody>
        {tests.error && <ObjectError error={tests.error} title={t("releases:failed.test", { name })} />}
        {tests.isPending && <p role="status">{t("releases:test.running")}</p>}
        {tests.data?.clusters.map(({ cluster, passed, message, tests: lines }) => (
          <Alert key={cluster} variant={passed ? "success" : "danger"} isInline className="ngy-gap-bottom" title={t(passed ? "releases:test.passed" : "releases:test.failed", { cluster })}>
            {message && <p lang="en">{message}</p>}
            {lines.length === 0 && !message && <p>{t("releases:test.none")}</p>}
            {lines.map((line) => (
              <div key={line.object}>
                <code>{line.object}</code> {t(line.passed ? "releases:test.ok" : "releases:test.bad")} <span lang="en">{line.message}</span>
                {line.log && (
                  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
                  <pre className="ngy-pre" tabIndex={0} lang="en">
                    {line.log}
                  </pre>
                )}
              </div>
            ))}
          </Alert>
        ))}
      </ModalBody>
      <ModalFooter>
        <Button isLoading={tests.isPending} isDisabled={tests.isPending} onClick={() => tests.mutate({ name })}>
          {t("releases:action.test")}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("common:close")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
