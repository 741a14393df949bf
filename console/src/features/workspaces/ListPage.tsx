import { Button, ToolbarGroup, ToolbarItem } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useList } from "../../api/resources";
import type { Workspace } from "../../api/types";
import { RouterLink } from "../../ui/RouterLink";
import { announce } from "../../app/announce";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { DesktopIcon } from "../../ui/icons";
import { EmptyPage } from "../../ui/EmptyPage";
import { matches } from "../../ui/ListToolbar";
import { nameColumn } from "../../ui/nameColumn";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { useUrlState } from "../../ui/useUrlState";
import { PrimaryAction } from "./Actions";
import { useColumns } from "./columns";
import { DeleteDialog, PurgeDialog } from "./dialogs";
import { canStart, canStop, isDeleted, phaseOf } from "./logic";
import { useStart, useStop } from "./queries";

export default function WorkspacesPage() {
  const { t } = useT();
  const me = useMe();
  const list = useList("workspaces");
  const navigate = useNavigate();
  const start = useStart();
  const stop = useStop();
  const columns = useColumns(me.role !== "member");
  const [search] = useUrlState("q");
  const [phase] = useUrlState("phase");
  const [team] = useUrlState("team");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<readonly string[]>([]);
  const [purging, setPurging] = useState<Workspace>();

  const all = list.data?.items;
  const rows = all?.filter((workspace) => {
    const { metadata, spec } = workspace;
    return (
      matches(search, metadata.name, spec.owner, spec.team, spec.template, spec.cluster) &&
      // Deleted ones keep only a home; they are shown to those who ask for them.
      (phase === "" ? !isDeleted(workspace) : phase === "Deleted" ? isDeleted(workspace) : phaseOf(workspace) === phase && !isDeleted(workspace)) &&
      (team === "" || spec.team === team)
    );
  });
  const selected = (rows ?? []).filter((workspace) => chosen.has(workspace.metadata.name));
  const each = (of: readonly Workspace[], verb: "start" | "stop") => {
    for (const workspace of of) {
      (verb === "start" ? start : stop).mutate(workspace.metadata.name);
    }
    announce(t(`workspaces:list.requested.${verb}`, { count: of.length }));
    setChosen(new Set());
  };
  const startable = selected.filter(canStart);
  const stoppable = selected.filter(canStop);
  const deletable = selected.filter((workspace) => !isDeleted(workspace));
  const bulk = [
    { verb: "start", of: startable, onClick: () => each(startable, "start") },
    { verb: "stop", of: stoppable, onClick: () => each(stoppable, "stop") },
    { verb: "delete", of: deletable, onClick: () => setDeleting(deletable.map((workspace) => workspace.metadata.name)) },
  ] as const;
  const teams = [...new Set((all ?? []).map((workspace) => workspace.spec.team))].toSorted();

  const create = (
    <Button component={RouterLink} href="/workspaces/new">
      {t("workspaces:action.create")}
    </Button>
  );

  return (
    <>
      <ObjectListPage
        plural="workspaces"
        list={list}
        rows={rows}
        filtered={search !== "" || phase !== "" || team !== ""}
        filters={[
          {
            name: "phase",
            label: t("workspaces:column.status"),
            options: (["Running", "Starting", "Stopped", "Failed", "Deleted"] as const).map((value) => ({
              value,
              text: t(`workspaces:phase.${value}`),
            })),
          },
          ...(teams.length > 1 ? [{ name: "team", label: t("workspaces:column.team"), options: teams.map((value) => ({ value, text: value })) }] : []),
        ]}
        tools={
          selected.length > 0 && (
            <ToolbarGroup variant="action-group">
              <ToolbarItem alignSelf="center">{t("common:selected", { count: selected.length })}</ToolbarItem>
              {bulk
                .filter(({ of }) => of.length > 0)
                .map(({ verb, of, onClick }) => (
                  <ToolbarItem key={verb}>
                    <Button variant="secondary" isDanger={verb === "delete"} onClick={onClick}>
                      {t(`workspaces:action.${verb}`)} ({of.length})
                    </Button>
                  </ToolbarItem>
                ))}
            </ToolbarGroup>
          )
        }
        create={create}
        columns={[nameColumn<Workspace>("workspaces", t("workspaces:column.name")), ...columns]}
        selection={{ chosen, onChange: setChosen }}
        primaryAction={(row) => <PrimaryAction workspace={row} small details />}
        actions={(row) => {
          const { name } = row.metadata;
          return isDeleted(row)
            ? [{ title: t("workspaces:action.purge"), isDanger: true, onClick: () => setPurging(row) }]
            : [
                { title: t("workspaces:action.details"), onClick: () => void navigate(`/workspaces/${name}`) },
                ...(canStop(row) ? [{ title: t("workspaces:action.stop"), onClick: () => each([row], "stop") }] : []),
                { isSeparator: true },
                { title: t("workspaces:action.delete"), isDanger: true, onClick: () => setDeleting([name]) },
              ];
        }}
        empty={
          <EmptyPage title={t("workspaces:list.empty.title")} icon={DesktopIcon} action={create}>
            {t("workspaces:list.empty.body")}
          </EmptyPage>
        }
      />
      {deleting.length > 0 && (
        <DeleteDialog
          names={deleting}
          onClose={() => setDeleting([])}
          onDone={() => {
            setDeleting([]);
            setChosen(new Set());
          }}
        />
      )}
      {purging && <PurgeDialog workspace={purging} onClose={() => setPurging(undefined)} onDone={() => setPurging(undefined)} />}
    </>
  );
}
