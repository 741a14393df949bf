import { Button, TextInput } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { useT } from "../../app/i18n";
import { typeText } from "./keys";

interface Props {
  readonly send: (keysym: number, code: string | null, down: boolean) => void;
  /** Enter in the empty line. */
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}

/** A line to compose in with this computer's input method; Enter types it into the desktop, and Enter again ends the line there. */
export function ComposeLine({ send, onEnter, onLeave }: Props) {
  const { t } = useT();
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const submit = () => {
    if (text === "") {
      onEnter();
      input.current?.focus();
    } else {
      typeText(text, send);
      setText("");
    }
  };
  return (
    <form
      className="ngy-compose"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        ref={input}
        aria-label={t("desktop:compose.label")}
        placeholder={t("desktop:compose.label")}
        value={text}
        onChange={(_, value) => setText(value)}
        onKeyDown={(event) => {
          // Enter that ends a composition belongs to the input method.
          if (event.key === "Enter" && event.nativeEvent.isComposing) {
            event.preventDefault();
          } else if (event.key === "Escape" && !event.nativeEvent.isComposing) {
            onLeave();
          }
        }}
        autoComplete="off"
      />
      <Button type="submit" variant="secondary">
        {text === "" ? t("desktop:compose.enter") : t("desktop:compose.type")}
      </Button>
    </form>
  );
}
