import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useId, type ReactNode } from "react";
import type { ApiError } from "../api/errors";
import { useT } from "../app/i18n";
import { ObjectError } from "./ObjectError";

interface Props {
  readonly title: string;
  readonly description?: string;
  readonly action: string;
  readonly failed: string;
  readonly busy: boolean;
  readonly ready?: boolean;
  readonly error: ApiError | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A short form on top of the page. A click beside it does not throw away what was typed. */
export function FormDialog({ title, description, action, failed, busy, ready = true, error, onSubmit, onClose, children }: Props) {
  const { t } = useT();
  const id = useId();
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby={`${id}-title`}>
      <ModalHeader title={title} description={description} labelId={`${id}-title`} />
      <ModalBody>
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !busy) {
              onSubmit();
            }
          }}
        >
          {error && <ObjectError error={error} title={failed} />}
          {children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button type="submit" form={`${id}-form`} isDisabled={!ready || busy} isLoading={busy}>
          {action}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("common:cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
