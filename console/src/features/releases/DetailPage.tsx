import { Alert, Button, Dropdown, DropdownItem, DropdownList, List, ListItem, MenuToggle, Title } from "@patternfly/react-core";
import { lazy, useState } from "react";
import { useNavigate } from "react-router";
import type { Release, ReleaseCluster } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { ClipboardListIcon, EllipsisVIcon } from "../../ui/icons";
import { ObjectPage } from "../../ui/ObjectPage";
import { RouterLink } from "../../ui/RouterLink";
import { DeleteRelease } from "./DeleteRelease";
import { mayRetry } from "./logic";
import { Objects } from "./Objects";
import { OnCluster } from "./OnCluster";
import { Overview } from "./Overview";
import { useRetry, useSuspend } from "./queries";
import { ReleaseStates } from "./ReleaseStateLabel";
import { TestDialog } from "./TestDialog";

// What reads and writes YAML is fetched when it is asked for.
const History = lazy(() => import("./History"));
const Values = lazy(() => import("./Values"));

export default function ReleasePage() {
  const { t } = useT();
  const navigate = useNavigate();
  const retry = useRetry();
  const suspend = useSuspend();
  const [deleting, setDeleting] = useState<Release>();
  const [testing, setTesting] = useState<string>();
  return (
    <>
      <ObjectPage
        plural="releases"
        badge={(release) => <ReleaseStates release={release} />}
        actions={(release) => {
          const { name } = release.metadata;
          return (
            <>
              {mayRetry(release) && (
                <Button isLoading={retry.isPending} isDisabled={retry.isPending} onClick={() => retry.mutate(name)}>
                  {t("releases:action.retry")}
                </Button>
              )}
              <Button component={RouterLink} href={`/releases/${name}/upgrade`} variant={mayRetry(release) ? "secondary" : "primary"}>
                {t("releases:action.edit")}
              </Button>
              <Button variant="secondary" isDanger onClick={() => setDeleting(release)}>
                {t("releases:action.uninstall")}
              </Button>
              <MoreActions
                items={[
                  { title: t("releases:action.test"), onClick: () => setTesting(name) },
                  {
                    title: release.spec.suspended ? t("releases:action.resume") : t("releases:action.suspend"),
                    onClick: () => suspend.set(name, !release.spec.suspended),
                  },
                ]}
              />
            </>
          );
        }}
        above={(release) => <Wrong release={release} />}
        tabs={[
          { key: "overview", title: t("releases:tab.overview"), content: (release) => <Overview release={release} /> },
          { key: "objects", title: t("releases:tab.objects"), content: (release) => <OnCluster release={release} of={(cluster) => <Objects cluster={cluster} />} /> },
          { key: "history", title: t("releases:tab.history"), content: (release) => <History release={release} /> },
          { key: "values", title: t("releases:tab.values"), content: (release) => <Values release={release} /> },
          { key: "notes", title: t("releases:tab.notes"), content: (release) => <OnCluster release={release} of={(cluster) => <Notes cluster={cluster} />} /> },
        ]}
      />
      {deleting && <DeleteRelease release={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/releases")} />}
      {testing !== undefined && <TestDialog name={testing} onClose={() => setTesting(undefined)} />}
    </>
  );
}

/** What the server says is wrong with it as a whole; of a cluster the overview tells. */
function Wrong({ release }: { readonly release: Release }) {
  const { t, i18n } = useT();
  const wrong = (release.status?.conditions ?? []).filter(({ status, message }) => !status && message);
  return (
    wrong.length > 0 && (
      <Alert variant="warning" isInline className="ngy-gap-bottom" title={t("releases:detail.wrong")}>
        <List>
          {wrong.map(({ type, reason, message }) => (
            <ListItem key={type}>{reasonText(i18n, reason, message)}</ListItem>
          ))}
        </List>
      </Alert>
    )
  );
}

interface Item {
  readonly title: string;
  readonly onClick: () => void;
}

function MoreActions({ items }: { readonly items: readonly Item[] }) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ position: "right" }}
      toggle={(ref) => (
        <MenuToggle ref={ref} variant="plain" aria-label={t("common:actions")} isExpanded={open} icon={<EllipsisVIcon />} onClick={() => setOpen(!open)} />
      )}
    >
      <DropdownList>
        {items.map(({ title, onClick }) => (
          <DropdownItem key={title} onClick={onClick}>
            {title}
          </DropdownItem>
        ))}
      </DropdownList>
    </Dropdown>
  );
}

function Notes({ cluster: { notes = "" } }: { readonly cluster: ReleaseCluster }) {
  const { t } = useT();
  return notes.trim() === "" ? (
    <EmptyPage title={t("releases:notes.none.title")} icon={ClipboardListIcon}>
      {t("releases:notes.none.body")}
    </EmptyPage>
  ) : (
    <>
      <Title headingLevel="h2" size="md" className="pf-v6-screen-reader">
        {t("releases:tab.notes")}
      </Title>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard */}
      <pre className="ngy-pre" tabIndex={0} lang="en">
        {notes}
      </pre>
    </>
  );
}
