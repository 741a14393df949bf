import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Source } from "../../api/types";
import { useT } from "../../app/i18n";
import { tell, tellFailure } from "../../app/toasts";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { Entries } from "../../ui/Entries";
import { CodeBranchIcon } from "../../ui/icons";
import { ObjectPage } from "../../ui/ObjectPage";
import { shortCommit } from "../../ui/Origin";
import { ResourceTable } from "../../ui/ResourceTable";
import { Changes } from "./Changes";
import { DeleteSource } from "./DeleteSource";
import { Faults } from "./Faults";
import { pageOf } from "./logic";
import { useSync } from "./queries";
import { SourceDialog } from "./SourceDialog";
import { SourceLabel } from "./SourceLabel";

export default function SourcePage() {
  const { t } = useT();
  const navigate = useNavigate();
  const sync = useSync();
  const [editing, setEditing] = useState<Source>();
  const [deleting, setDeleting] = useState<string>();
  const syncNow = (name: string) =>
    sync.mutate(name, {
      onSuccess: ({ status }) => {
        // What went wrong stands on the page.
        if (!status?.errors?.length) {
          tell(t("sources:sync.done", { commit: shortCommit(status?.commit ?? "") }));
        }
      },
      onError: (error) => tellFailure(t("sources:sync.failed"), error),
    });
  return (
    <>
      <ObjectPage
        plural="sources"
        badge={(source) => <SourceLabel source={source} />}
        actions={(source) => (
          <>
            <Button
              isDisabled={source.spec.suspended || sync.isPending}
              isLoading={sync.isPending}
              onClick={() => syncNow(source.metadata.name)}
            >
              {t("sources:sync.action")}
            </Button>
            <Button variant="secondary" onClick={() => setEditing(source)}>
              {t("common:edit")}
            </Button>
            <Button variant="secondary" isDanger onClick={() => setDeleting(source.metadata.name)}>
              {t("common:delete")}
            </Button>
          </>
        )}
        above={({ status }) => (
          <Faults
            title={status?.failedCommit ? t("sources:errors.commit", { commit: shortCommit(status.failedCommit) }) : t("sources:errors.fetch")}
            faults={status?.errors ?? []}
          />
        )}
        tabs={[
          { key: "objects", title: t("sources:column.objects"), content: (source) => <Objects source={source} /> },
          { key: "difference", title: t("sources:difference.title"), content: (source) => <Changes name={source.metadata.name} /> },
        ]}
      />
      {editing && <SourceDialog source={editing} onClose={() => setEditing(undefined)} onDone={() => setEditing(undefined)} />}
      {deleting !== undefined && <DeleteSource name={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/sources")} />}
    </>
  );
}

/** Where it reads, what is applied of it, and each object with the commit that gave it what it has. */
function Objects({ source: { spec, status } }: { readonly source: Source }) {
  const { t } = useT();
  return (
    <>
      <div className="ngy-gap-bottom">
        <Entries
          entries={[
            [t("sources:field.url.label"), <code key="url">{spec.url}</code>],
            [t("sources:field.ref.label"), <code key="ref">{spec.ref}</code>],
            [t("sources:field.path.label"), spec.path && <code key="path">{spec.path}</code>],
            [t("sources:column.commit"), status?.commit && <code key="commit">{status.commit}</code>],
            [t("sources:column.since"), status?.fetchedAt && <Age key="since" at={status.fetchedAt} />],
          ]}
        />
      </div>
      <ResourceTable
        label={t("sources:column.objects")}
        rows={status?.objects ?? []}
        rowKey={(row) => `${row.kind}/${row.name}`}
        columns={[
          {
            key: "name",
            title: t("common:name"),
            sort: (row) => row.name,
            cell: (row) => {
              const page = pageOf(row.kind, row.name);
              return page ? <Link to={page}>{row.name}</Link> : row.name;
            },
          },
          { key: "kind", title: t("sources:column.kind"), sort: (row) => row.kind, cell: (row) => row.kind },
          { key: "commit", title: t("sources:column.commit"), cell: (row) => <code>{shortCommit(row.commit)}</code> },
        ]}
        empty={
          <EmptyPage title={t("sources:objects.none.title")} icon={CodeBranchIcon}>
            {t("sources:objects.none.body")}
          </EmptyPage>
        }
      />
    </>
  );
}
