import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Repository } from "../../api/types";
import { useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { EmptyPage } from "../../ui/EmptyPage";
import { RegistryIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { useUrlState } from "../../ui/useUrlState";
import { DeleteRepository } from "./DeleteRepository";
import { allowed, stateOf } from "./logic";
import { useRefresh } from "./queries";
import { RepositoryDialog } from "./RepositoryDialog";
import { RepositoryLabel } from "./RepositoryLabel";
import { SecretDialog } from "./SecretDialog";

export default function RepositoriesPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const list = useList("repositories");
  const refresh = useRefresh();
  const [search] = useUrlState("q");
  // The catalogue's button leads here with the form open.
  const [creating, setCreating] = useUrlState("create");
  const [editing, setEditing] = useState<Repository>();
  const [deleting, setDeleting] = useState<string>();
  const [sealing, setSealing] = useState<string>();
  const create = <Button onClick={() => setCreating("yes")}>{t("repositories:create.action")}</Button>;
  return (
    <>
      <ObjectListPage
        plural="repositories"
        list={list}
        rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.url))}
        filtered={search !== ""}
        create={create}
        columns={[
          nameColumn<Repository>("repositories", t("common:name"), (row) => row.spec.url),
          { key: "state", title: t("workspaces:column.status"), sort: stateOf, cell: (row) => <RepositoryLabel repository={row} /> },
          { key: "charts", title: t("repositories:column.charts"), sort: (row) => row.status?.charts ?? 0, cell: (row) => row.status?.charts ?? "–" },
          {
            key: "allowed",
            title: t("repositories:column.allowed"),
            cell: (row) => <Allowed repository={row} />,
          },
          {
            key: "fetched",
            title: t("repositories:column.fetched"),
            sort: (row) => row.status?.fetchedAt ?? "",
            cell: (row) => <Age at={row.status?.fetchedAt} />,
          },
        ]}
        actions={(row) => [
          { title: t("repositories:refresh.action"), onClick: () => refresh.mutate(row.metadata.name) },
          { title: t("common:edit"), onClick: () => setEditing(row) },
          { title: t("repositories:secret.action"), onClick: () => setSealing(row.metadata.name) },
          { isSeparator: true },
          { title: t("common:delete"), isDanger: true, onClick: () => setDeleting(row.metadata.name) },
        ]}
        empty={
          <EmptyPage title={t("repositories:list.empty.title")} icon={RegistryIcon} action={create}>
            {t("repositories:list.empty.body")}
          </EmptyPage>
        }
      />
      {creating !== "" && <RepositoryDialog onClose={() => setCreating("")} onDone={(name) => void navigate(`/repositories/${name}`)} />}
      {editing && <RepositoryDialog repository={editing} onClose={() => setEditing(undefined)} onDone={() => setEditing(undefined)} />}
      {sealing !== undefined && <SecretDialog name={sealing} onClose={() => setSealing(undefined)} />}
      {deleting !== undefined && <DeleteRepository name={deleting} onClose={() => setDeleting(undefined)} onDone={() => setDeleting(undefined)} />}
    </>
  );
}

function Allowed({ repository }: { readonly repository: Repository }) {
  const { t } = useT();
  const who = allowed(repository);
  return typeof who === "number" ? t("repositories:allowed.teams", { count: who }) : t(`repositories:allowed.${who}`);
}
