import { Button, FormGroup, HelperText, HelperTextItem, MenuToggle, Popover, TextArea } from "@patternfly/react-core";
import { useEffect, useState } from "react";
import { useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ClipboardIcon } from "../../ui/icons";
import type { Clipboard } from "./useClipboard";

interface Props {
  readonly clipboard: Clipboard;
  readonly disabled: boolean;
  readonly onLeave: () => void;
}

/** For browsers that do not let a page use the clipboard: what was copied in the desktop, and a place to paste what should go there. */
export function ClipboardPanel({ clipboard, disabled, onLeave }: Props) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  useEffect(() => setText(clipboard.text), [clipboard.text]);
  return (
    <Popover
      isVisible={open}
      shouldOpen={() => setOpen(true)}
      shouldClose={() => setOpen(false)}
      position="bottom-end"
      appendTo="inline"
      headerContent={t("desktop:clipboard.title")}
      bodyContent={
        <>
          <HelperText className="ngy-gap-bottom">
            <HelperTextItem variant={clipboard.shared ? "success" : "default"}>
              {clipboard.shared ? t("desktop:clipboard.shared") : t("desktop:clipboard.notShared")}
            </HelperTextItem>
          </HelperText>
          {!clipboard.shared && clipboard.canShare && (
            <Button
              variant="secondary"
              size="sm"
              className="ngy-gap-bottom"
              onClick={() => {
                clipboard.share().then(
                  () => setOpen(false),
                  () => undefined, // refused: the panel below still serves
                );
              }}
            >
              {t("desktop:clipboard.share")}
            </Button>
          )}
          <FormGroup label={t("desktop:clipboard.text")} fieldId="clipboard-text">
            <TextArea id="clipboard-text" value={text} rows={4} resizeOrientation="vertical" onChange={(_, value) => setText(value)} />
          </FormGroup>
        </>
      }
      footerContent={
        <div className="ngy-actions">
          <Button
            size="sm"
            isDisabled={text === ""}
            onClick={() => {
              clipboard.put(text);
              setOpen(false);
              tell(t("desktop:clipboard.sent"));
              onLeave();
            }}
          >
            {t("desktop:clipboard.send")}
          </Button>
          <Button
            size="sm"
            variant="secondary"
            isDisabled={text === ""}
            onClick={() => void navigator.clipboard?.writeText(text).then(() => tell(t("desktop:clipboard.copied")), () => undefined)}
          >
            {t("desktop:clipboard.copy")}
          </Button>
        </div>
      }
    >
      <MenuToggle variant="plainText" icon={<ClipboardIcon />} isExpanded={open} isDisabled={disabled} aria-label={t("desktop:clipboard.title")}>
        <span className="ngy-bar-text">{t("desktop:clipboard.title")}</span>
      </MenuToggle>
    </Popover>
  );
}
