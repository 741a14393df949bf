import { ExpandableSection, Label, SearchInput, Title, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { lazy, Suspense, useId, useState, type ReactNode } from "react";
import type { Preview, PreviewChange, PreviewDocument } from "../../../api/charts";
import { useT } from "../../../app/i18n";
import { matches } from "../../../ui/ListToolbar";
import type { PreviewState } from "../queries";

const CodeEditor = lazy(() => import("../../../ui/CodeEditor"));
const DiffView = lazy(() => import("../../../ui/DiffView"));

const TABS = ["changes", "objects", "hooks", "notes"] as const;
type Tab = (typeof TABS)[number];

/** Objects listed at once. */
const PAGE = 100;

/** What the values as they are now come to: objects, and what would change on the cluster. */
export default function PreviewPanel({ state }: { readonly state: PreviewState }) {
  const { t } = useT();
  const [tab, setTab] = useState<Tab>("changes");
  const { preview } = state;
  const counts: Record<Tab, number | undefined> = {
    changes: preview?.changes.filter(({ change }) => change !== "same").length,
    objects: preview?.documents.length,
    hooks: preview?.hooks.length,
    notes: undefined,
  };
  return (
    <section aria-labelledby="preview-title" className="ngy-gap-top">
      <Title headingLevel="h2" size="lg" id="preview-title">
        {t("releases:preview.title")}
      </Title>
      {preview && !preview.error && (
        <>
          <ToggleGroup aria-label={t("releases:preview.tabs")} className="ngy-gap-top ngy-gap-bottom">
            {TABS.filter((key) => counts[key] !== 0 || key === "changes" || key === "objects").map((key) => (
              <ToggleGroupItem
                key={key}
                buttonId={`preview-${key}`}
                text={counts[key] === undefined ? t(`releases:preview.tab.${key}`) : `${t(`releases:preview.tab.${key}`)} (${counts[key]})`}
                isSelected={tab === key}
                onChange={() => setTab(key)}
              />
            ))}
          </ToggleGroup>
          <Suspense fallback={t("common:loading")}>
            <Content tab={tab} preview={preview} />
          </Suspense>
        </>
      )}
    </section>
  );
}

function Content({ tab, preview }: { readonly tab: Tab; readonly preview: Preview }) {
  const { t } = useT();
  switch (tab) {
    case "objects":
      return <Documents documents={preview.documents} />;
    case "hooks":
      return <Documents documents={preview.hooks.map(({ document }) => document)} of={(at) => preview.hooks[at]?.events.join(", ")} />;
    case "notes":
      return preview.notes.trim() === "" ? (
        <p className="ngy-quiet">{t("releases:notes.none.title")}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
        <pre className="ngy-pre" tabIndex={0} lang="en">
          {preview.notes}
        </pre>
      );
    default:
      return <Changes changes={preview.changes} />;
  }
}

/** What becomes of each object; those that stay as they are only counted. */
function Changes({ changes }: { readonly changes: readonly PreviewChange[] }) {
  const { t } = useT();
  const count = (verb: PreviewChange["change"]) => changes.filter(({ change }) => change === verb).length;
  const moving = changes.filter(({ change }) => change !== "same");
  return (
    <>
      <p className="ngy-quiet">
        {t("releases:preview.counts", { added: count("added"), changed: count("changed"), removed: count("removed"), same: count("same") })}
      </p>
      {moving.length === 0 && <p>{t("releases:preview.noChanges")}</p>}
      {moving.map((one) => (
        <Opened key={one.object} title={title(one.object, t(`releases:preview.change.${one.change}`))}>
          <DiffView label={one.object} before={one.before} after={one.after} folded={t("releases:form.unchanged")} />
        </Opened>
      ))}
    </>
  );
}

const title = (object: string, more: string | undefined) => (
  <>
    <code>{object}</code> {more && <Label isCompact>{more}</Label>}
  </>
);

function Documents({ documents, of }: { readonly documents: readonly PreviewDocument[]; readonly of?: (at: number) => string | undefined }) {
  const { t } = useT();
  const [search, setSearch] = useState("");
  const shown = documents.map((document, at) => ({ document, more: of?.(at) })).filter(({ document: { kind, name, source } }) => matches(search, kind, name, source));
  if (documents.length === 0) {
    return <p className="ngy-quiet">{t("releases:preview.none")}</p>;
  }
  return (
    <>
      <SearchInput aria-label={t("releases:preview.filter")} placeholder={t("releases:preview.filter")} value={search} onChange={(_, value) => setSearch(value)} onClear={() => setSearch("")} />
      {shown.slice(0, PAGE).map(({ document: { kind, namespace, name, source, text }, more }) => {
        const object = `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
        return (
          <Opened key={`${object}${source}`} title={title(object, more)}>
            <p className="ngy-small ngy-quiet">{source}</p>
            <CodeEditor label={object} text={text} />
          </Opened>
        );
      })}
    </>
  );
}

/** A section that draws what is in it only once it is opened. */
function Opened({ title: content, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  // An object's name would be none: attributes that refer to ids take a space as the end of one.
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <ExpandableSection toggleContent={content} isExpanded={open} onToggle={(_, next) => setOpen(next)} contentId={`shown-${id}`} toggleId={`show-${id}`}>
      {open && children}
    </ExpandableSection>
  );
}
