import { Button, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { useState } from "react";
import { useList } from "../../api/resources";
import type { Member, Team, TeamRole } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell, tellFailure } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { EmptyPage } from "../../ui/EmptyPage";
import { UsersIcon } from "../../ui/icons";
import { ResourceTable } from "../../ui/ResourceTable";
import { useObjectChange } from "../../ui/useObjectChange";
import { AddMemberDialog } from "./AddMemberDialog";

const ROLES: readonly TeamRole[] = ["member", "team-admin"];

/** Who is in the team, as what; changed by its administrators and by operations. */
export function Members({ team }: { readonly team: Team }) {
  const { t } = useT();
  const me = useMe();
  const users = useList("users", me.role === "admin");
  const change = useObjectChange("teams");
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const { name } = team.metadata;
  const mayChange = me.role === "admin" || me.teams.some((mine) => mine.name === name && mine.role === "team-admin");
  const shownName = (user: string) => users.data?.items.find((item) => item.metadata.name === user)?.spec.displayName;

  const write = (members: (old: readonly Member[]) => Member[], done: string, after?: () => void) =>
    change.mutate(
      { name, change: (fresh) => ({ ...fresh, spec: { ...fresh.spec, members: members(fresh.spec.members ?? []) } }) },
      {
        onSuccess: () => {
          tell(done);
          after?.();
        },
        onError: (error) => tellFailure(t("teams:members.failed"), error),
      },
    );
  const add = mayChange && <Button onClick={() => setAdding(true)}>{t("teams:members.add")}</Button>;
  return (
    <>
      <div className="ngy-actions ngy-gap-bottom">{add}</div>
      <ResourceTable
        label={t("teams:members.title")}
        rows={team.spec.members ?? []}
        rowKey={(row) => row.user}
        columns={[
          {
            key: "user",
            title: t("teams:members.person"),
            sort: (row) => row.user,
            cell: (row) => (
              <>
                {row.user}
                {shownName(row.user) && <div className="ngy-small ngy-quiet">{shownName(row.user)}</div>}
              </>
            ),
          },
          {
            key: "role",
            title: t("teams:members.role"),
            sort: (row) => row.role ?? "member",
            cell: (row) =>
              mayChange ? (
                <FormSelect
                  className="ngy-role"
                  aria-label={t("teams:members.roleOf", { user: row.user })}
                  value={row.role ?? "member"}
                  onChange={(_, value) =>
                    write(
                      (old) => old.map((member) => (member.user === row.user ? { ...member, role: value as TeamRole } : member)),
                      t("teams:members.changed", { user: row.user }),
                    )
                  }
                >
                  {ROLES.map((role) => (
                    <FormSelectOption key={role} value={role} label={t(`app:roles.${role}`)} />
                  ))}
                </FormSelect>
              ) : (
                t(`app:roles.${row.role ?? "member"}`)
              ),
          },
        ]}
        primaryAction={
          mayChange
            ? (row) => (
                <Button variant="link" isDanger onClick={() => setRemoving(row)}>
                  {t("common:remove")}
                </Button>
              )
            : undefined
        }
        empty={
          <EmptyPage title={t("teams:members.empty.title")} icon={UsersIcon}>
            {t("teams:members.empty.body")}
          </EmptyPage>
        }
      />
      {adding && (
        <AddMemberDialog
          team={team}
          busy={change.isPending}
          error={change.error}
          onClose={() => setAdding(false)}
          onAdd={(member) => write((old) => [...old.filter(({ user }) => user !== member.user), member], t("teams:members.added", { user: member.user }), () => setAdding(false))}
        />
      )}
      {removing && (
        <Confirm
          title={t("teams:members.removeTitle", { user: removing.user, team: team.spec.displayName || name })}
          action={t("common:remove")}
          danger
          busy={change.isPending}
          onClose={() => setRemoving(undefined)}
          onConfirm={() =>
            write((old) => old.filter(({ user }) => user !== removing.user), t("teams:members.removed", { user: removing.user }), () => setRemoving(undefined))
          }
        >
          {t("teams:members.removeBody")}
        </Confirm>
      )}
    </>
  );
}
