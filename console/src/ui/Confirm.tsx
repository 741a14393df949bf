import { Button, Form, FormGroup, Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from "@patternfly/react-core";
import { useState, type ReactNode } from "react";
import type { ApiError } from "../api/errors";
import { useT } from "../app/i18n";
import { ObjectError } from "./ObjectError";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  /** What must be typed before the button works; for what cannot be undone. */
  readonly typed?: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly error?: ApiError | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that loses work. */
export function Confirm({ title, children, action, typed, danger, busy, error, onConfirm, onClose }: Props) {
  const { t } = useT();
  const [text, setText] = useState("");
  const ready = typed === undefined || text === typed;
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="confirm-title" aria-describedby="confirm-body">
      <ModalHeader title={title} labelId="confirm-title" titleIconVariant={danger ? "warning" : undefined} />
      <ModalBody id="confirm-body">
        {error && <ObjectError error={error} />}
        {children}
        {typed !== undefined && (
          <Form
            className="ngy-gap-top"
            onSubmit={(event) => {
              event.preventDefault();
              if (ready) {
                onConfirm();
              }
            }}
          >
            <FormGroup label={t("common:typeToConfirm", { name: typed })} fieldId="confirm-name">
              <TextInput id="confirm-name" value={text} autoComplete="off" spellCheck={false} onChange={(_, value) => setText(value)} />
            </FormGroup>
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant={danger ? "danger" : "primary"} isDisabled={!ready || busy} isLoading={busy} onClick={onConfirm}>
          {action}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("common:cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
