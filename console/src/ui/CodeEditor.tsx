import { useEffect, useEffectEvent, useRef } from "react";
import { createEditor, type Editor } from "./yamlEditor";

interface Props {
  readonly label: string;
  /** What stands there at first; a newer one is taken unless something was typed. */
  readonly text: string;
  /** Gets what was typed; without it nothing can be. */
  readonly onChange?: (text: string) => void;
  /** Whether others change the text too, so that a newer one is taken whatever was typed. */
  readonly shared?: boolean;
  /** The line to show, counted from 1; a new object shows it again. */
  readonly at?: { readonly line: number };
}

/** YAML to be read or typed. */
export default function CodeEditor({ label, text, onChange, shared = false, at }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const editable = onChange !== undefined;
  // What was reported comes back as `text`, perhaps when more has been typed: that is no change by others.
  const reported = useRef(new Set<string>());
  const typed = useEffectEvent(() => {
    const now = editor.current?.text() ?? "";
    reported.current.add(now);
    onChange?.(now);
  });
  useEffect(() => {
    if (!holder.current) {
      return undefined;
    }
    const made = createEditor(holder.current, { editable, label, onChange: () => typed() });
    editor.current = made;
    return () => made.destroy();
  }, [editable, label]);
  useEffect(() => {
    const held = editor.current;
    if (!held || held.text() === text) {
      reported.current.clear();
    } else if (shared ? !reported.current.has(text) : !held.changed()) {
      reported.current.clear();
      held.set(text);
    }
  }, [text, editable, label, shared]);
  useEffect(() => {
    if (at) {
      editor.current?.goTo(at.line);
    }
  }, [at]);
  return <div ref={holder} className="ngy-editor" />;
}
