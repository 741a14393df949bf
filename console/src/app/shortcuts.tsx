import { DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, Modal, ModalBody, ModalHeader, Switch } from "@patternfly/react-core";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useT } from "./i18n";
import { menuFor } from "./menu";
import { useMe } from "./session";

const STORE = "nagaya.shortcuts";

/** Single letters disturb those who dictate, so they can be off (WCAG 2.1.4). */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

/** How long the second key of `g w` is waited for. Milliseconds. */
const CHORD = 1200;

/** `/` searches, `g` and a letter goes to a page, `?` shows help. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate();
  const { role } = useMe();
  // When `g` was pressed. Kept over renders: the shell renders whenever news come, also between the two keys. Time begins at the page's
  // load, so "never" has to be long before 0.
  const going = useRef(Number.NEGATIVE_INFINITY);
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Out here the target of a key in an editor, which has a shadow root, would be the editor's host.
      const target = event.composedPath()[0];
      const typing = target instanceof Element && target.closest("input, textarea, select, [contenteditable], canvas, .cm-editor");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !shortcutsOn()) {
        return;
      }
      if (performance.now() - going.current < CHORD) {
        going.current = Number.NEGATIVE_INFINITY;
        const item = menuFor(role).find((entry) => entry.key === event.key);
        if (item) {
          event.preventDefault();
          void navigate(item.path);
        }
        return;
      }
      if (event.key === "g") {
        going.current = performance.now();
      } else if (event.key === "?") {
        help();
      } else if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>("[data-search=page] input, input[data-search=page]");
        if (search) {
          event.preventDefault();
          search.focus();
        }
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate, role]);
}

export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const { t } = useT();
  const { role } = useMe();
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="shortcuts-title">
      <ModalHeader title={t("app:shortcuts.title")} labelId="shortcuts-title" />
      <ModalBody>
        <ShortcutSwitch />
        <DescriptionList isHorizontal isCompact className="ngy-gap-top">
          <Row keys={["/"]} text={t("app:shortcuts.search")} />
          <Row keys={["?"]} text={t("app:shortcuts.help")} />
          {menuFor(role).map((item) => (
            <Row key={item.id} keys={["g", item.key]} text={t(`app:pages.${item.id}`)} />
          ))}
          <Row keys={["Ctrl", "Alt", "Shift", "M"]} text={t("app:shortcuts.bar")} />
        </DescriptionList>
      </ModalBody>
    </Modal>
  );
}

function Row({ keys, text }: { readonly keys: readonly string[]; readonly text: string }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </DescriptionListTerm>
      <DescriptionListDescription>{text}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

export function ShortcutSwitch() {
  const { t } = useT();
  const [on, setOn] = useState(shortcutsOn);
  return (
    <Switch
      id="shortcuts-on"
      label={t("app:shortcuts.on")}
      isChecked={on}
      onChange={(_, value) => {
        setOn(value);
        try {
          localStorage.setItem(STORE, value ? "on" : "off");
        } catch {
          // Not kept: the switch shows what is so now.
        }
      }}
    />
  );
}
