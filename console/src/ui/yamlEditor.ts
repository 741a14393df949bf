import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export interface Editor {
  readonly text: () => string;
  readonly set: (text: string) => void;
  readonly changed: () => boolean;
  /** Puts the cursor into a line, counted from 1, and shows it. */
  readonly goTo: (line: number) => void;
  readonly destroy: () => void;
}

interface Options {
  readonly editable: boolean;
  readonly label: string;
  readonly onChange?: (changed: boolean) => void;
}

// Colours are PatternFly's tokens, so the dark theme follows.
export const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--pf-t--global--text--color--link--default)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--pf-t--global--text--color--status--success--default)" },
  { tag: tags.comment, color: "var(--pf-t--global--text--color--subtle)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--pf-t--global--text--color--status--custom--default)" },
]);
export const look = EditorView.theme({
  "&": { maxHeight: "65vh", fontSize: "0.875rem", backgroundColor: "var(--pf-t--global--background--color--secondary--default)", borderRadius: "6px" },
  "&.cm-focused": { outline: "2px solid var(--pf-t--global--border--color--clicked)" },
  ".cm-scroller": { fontFamily: "RedHatMono, monospace", lineHeight: "1.5" },
  ".cm-content": { color: "var(--pf-t--global--text--color--regular)", caretColor: "var(--pf-t--global--text--color--regular)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--pf-t--global--text--color--subtle)", border: "none" },
  ".cm-cursor": { borderLeftColor: "var(--pf-t--global--text--color--regular)" },
});

/**
 * An editor in a shadow root: there CodeMirror's styles are adopted style sheets, which the content security policy admits; in the document
 * itself they would be an inline style element, which it does not. Tab leaves the editor, so it traps no keyboard.
 */
export function createEditor(holder: HTMLElement, { editable, label, onChange }: Options): Editor {
  const root = holder.shadowRoot ?? holder.attachShadow({ mode: "open" });
  const parent = document.createElement("div");
  root.replaceChildren(parent);
  let original = "";
  const changed = () => view.state.doc.toString() !== original;
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        yaml(),
        syntaxHighlighting(highlight),
        look,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorState.readOnly.of(!editable),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            onChange?.(changed());
          }
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    set: (text) => {
      original = text;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    changed,
    goTo: (line) => {
      const { from } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
