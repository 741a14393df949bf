import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Group } from "../../api/types";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { LayerGroupIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { useUrlState } from "../../ui/useUrlState";
import { DeleteGroup } from "./DeleteGroup";
import { GroupDialog } from "./GroupDialog";
import { bundlesOf } from "./logic";
import { Selected } from "./Selected";

export default function GroupsPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const list = useList("groups");
  const clusters = useList("clusters");
  const bundles = useList("bundles");
  const [search] = useUrlState("q");
  const [form, setForm] = useState<{ readonly group?: Group }>();
  const [deleting, setDeleting] = useState<string>();
  const ready = new Set(clusters.data?.items.filter(({ status }) => status?.phase === "Ready").map(({ metadata }) => metadata.name));
  const unready = (group: Group) => group.status?.clusters?.filter((name) => !ready.has(name)).length ?? 0;
  const create = <Button onClick={() => setForm({})}>{t("groups:create.action")}</Button>;
  return (
    <>
      <ObjectListPage
        plural="groups"
        list={list}
        rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.selector))}
        filtered={search !== ""}
        create={create}
        columns={[
          nameColumn<Group>("groups", t("common:name")),
          { key: "selector", title: t("groups:selector.label"), loose: true, cell: (row) => <Selected by={row.spec.selector} /> },
          {
            key: "clusters",
            title: t("app:pages.clusters"),
            sort: (row) => row.status?.clusters?.length ?? 0,
            cell: (row) => <Link to={`/clusters?group=${row.metadata.name}`}>{row.status?.clusters?.length ?? "–"}</Link>,
          },
          {
            key: "unready",
            title: t("groups:column.unready"),
            sort: unready,
            cell: (row) => (clusters.data ? unready(row) : "–"),
          },
          {
            key: "bundles",
            title: t("app:pages.bundles"),
            sort: (row) => bundlesOf(row.metadata.name, bundles.data?.items ?? []).length,
            cell: (row) => (
              <Link to={`/bundles?group=${row.metadata.name}`}>{bundles.data ? bundlesOf(row.metadata.name, bundles.data.items).length : "–"}</Link>
            ),
          },
        ]}
        actions={(row) => [
          { title: t("common:edit"), onClick: () => setForm({ group: row }) },
          { isSeparator: true },
          { title: t("common:delete"), isDanger: true, onClick: () => setDeleting(row.metadata.name) },
        ]}
        empty={
          <EmptyPage title={t("groups:list.empty.title")} icon={LayerGroupIcon} action={create}>
            {t("groups:list.empty.body")}
          </EmptyPage>
        }
      />
      {form && (
        <GroupDialog
          group={form.group}
          onClose={() => setForm(undefined)}
          onDone={(name) => (form.group ? setForm(undefined) : void navigate(`/groups/${name}`))}
        />
      )}
      {deleting !== undefined && <DeleteGroup name={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}
