import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Source } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { CodeBranchIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { shortCommit } from "../../ui/Origin";
import { useUrlState } from "../../ui/useUrlState";
import { DeleteSource } from "./DeleteSource";
import { stateOf } from "./logic";
import { SourceDialog } from "./SourceDialog";
import { SourceLabel } from "./SourceLabel";

export default function SourcesPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const list = useList("sources");
  const [search] = useUrlState("q");
  const [form, setForm] = useState<{ readonly source?: Source }>();
  const [deleting, setDeleting] = useState<string>();
  const create = <Button onClick={() => setForm({})}>{t("sources:create.action")}</Button>;
  return (
    <>
      <ObjectListPage
        plural="sources"
        list={list}
        rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.url))}
        filtered={search !== ""}
        create={create}
        columns={[
          nameColumn<Source>("sources", t("common:name"), (row) => row.spec.url),
          { key: "state", title: t("workspaces:column.status"), sort: stateOf, cell: (row) => <SourceLabel source={row} /> },
          {
            key: "commit",
            title: t("sources:column.commit"),
            cell: (row) => (row.status?.commit ? <code>{shortCommit(row.status.commit)}</code> : "–"),
          },
          {
            key: "since",
            title: t("sources:column.since"),
            sort: (row) => row.status?.fetchedAt ?? "",
            cell: (row) => <Age at={row.status?.fetchedAt} />,
          },
          {
            key: "objects",
            title: t("sources:column.objects"),
            sort: (row) => row.status?.objects?.length ?? 0,
            cell: (row) => row.status?.objects?.length ?? "–",
          },
        ]}
        actions={(row) => [
          { title: t("common:edit"), onClick: () => setForm({ source: row }) },
          { isSeparator: true },
          { title: t("common:delete"), isDanger: true, onClick: () => setDeleting(row.metadata.name) },
        ]}
        empty={
          <EmptyPage title={t("sources:list.empty.title")} icon={CodeBranchIcon} action={create}>
            {t("sources:list.empty.body")}
          </EmptyPage>
        }
      />
      {form && (
        <SourceDialog
          source={form.source}
          onClose={() => setForm(undefined)}
          onDone={(name) => (form.source ? setForm(undefined) : void navigate(`/sources/${name}`))}
        />
      )}
      {deleting !== undefined && <DeleteSource name={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}
