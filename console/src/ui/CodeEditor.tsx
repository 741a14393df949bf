import { useEffect, useEffectEvent, useRef } from "react";
import { createEditor, type Editor } from "./yamlEditor";

interface Props {
  readonly label: string;
  /** What stands there at first; a newer one is taken unless something was typed. */
  readonly text: string;
  /** Gets what was typed; without it nothing can be. */
  readonly onChange?: (text: string) => void;
  /** The line to show, counted from 1; a new object shows it again. */
  readonly at?: { readonly line: number };
}

/** YAML to be read or typed. */
export default function CodeEditor({ label, text, onChange, at }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(undefined);
  const editable = onChange !== undefined;
  const typed = useEffectEvent(() => onChange?.(editor.current?.text() ?? ""));
  useEffect(() => {
    if (!holder.current) {
      return undefined;
    }
    const made = createEditor(holder.current, { editable, label, onChange: () => typed() });
    editor.current = made;
    return () => made.destroy();
  }, [editable, label]);
  useEffect(() => {
    if (editor.current && !editor.current.changed() && editor.current.text() !== text) {
      editor.current.set(text);
    }
  }, [text, editable, label]);
  useEffect(() => {
    if (at) {
      editor.current?.goTo(at.line);
    }
  }, [at]);
  return <div ref={holder} className="ngy-editor" />;
}
