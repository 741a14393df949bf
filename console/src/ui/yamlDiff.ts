import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { highlight, look } from "./yamlEditor";

/** Unchanged lines shown around a change; longer stretches are folded. */
const AROUND = 3;

// What went is struck through and what came has a bar at its side, so that colour is not all that tells them.
const marks = EditorView.theme({
  "&.cm-merge-b .cm-changedLine": { backgroundColor: "transparent", borderInlineStart: "4px solid var(--pf-t--global--border--color--status--success--default)" },
  "&.cm-merge-b .cm-changedText": { background: "none", fontWeight: "bold" },
  ".cm-deletedChunk": { backgroundColor: "transparent", borderInlineStart: "4px dotted var(--pf-t--global--border--color--status--danger--default)" },
  ".cm-deletedChunk .cm-deletedLine, .cm-deletedChunk .cm-deletedLine del": {
    color: "var(--pf-t--global--text--color--status--danger--default)",
    textDecoration: "line-through",
  },
  "&.cm-merge-b .cm-deletedChunk .cm-deletedText": { background: "none", fontWeight: "bold" },
  // The sign of its own is in few fonts.
  "& .cm-collapsedLines:before, & .cm-collapsedLines:after": { content: '"…"' },
  "& .cm-collapsedLines": {
    background: "none",
    color: "var(--pf-t--global--text--color--subtle)",
    borderBlock: "1px dashed var(--pf-t--global--border--color--default)",
  },
});

interface Options {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** What stands for lines that are folded because nothing changed in them, with `$` for how many; without it none are. */
  readonly folded?: string;
}

/** Shows what is different between two texts; as the editor, in a shadow root of its own. Returns what takes it away. */
export function createDiff(holder: HTMLElement, { label, before, after, folded }: Options): () => void {
  const root = holder.shadowRoot ?? holder.attachShadow({ mode: "open" });
  const parent = document.createElement("div");
  root.replaceChildren(parent);
  const view = new EditorView({
    parent,
    root,
    state: EditorState.create({
      doc: after,
      extensions: [
        lineNumbers(),
        yaml(),
        syntaxHighlighting(highlight),
        look,
        marks,
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.lineWrapping,
        EditorState.phrases.of(folded === undefined ? {} : { "$ unchanged lines": folded }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: false,
          syntaxHighlightDeletions: false,
          collapseUnchanged: folded === undefined ? undefined : { margin: AROUND },
        }),
      ],
    }),
  });
  return () => view.destroy();
}
