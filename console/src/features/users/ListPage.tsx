import { Button, Label } from "@patternfly/react-core";
import { useState } from "react";
import { Link } from "react-router";
import { useList } from "../../api/resources";
import type { User } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell, tellFailure } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { CheckCircleIcon, LockIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { useObjectChange } from "../../ui/useObjectChange";
import { useUrlState } from "../../ui/useUrlState";
import { CreateDialog } from "./CreateDialog";
import { PasswordDialog } from "./PasswordDialog";

export default function UsersPage() {
  const { t } = useT();
  const me = useMe();
  const list = useList("users");
  const teams = useList("teams");
  const change = useObjectChange("users");
  const [search] = useUrlState("q");
  const [creating, setCreating] = useState(false);
  const [password, setPassword] = useState<User>();
  const [disabling, setDisabling] = useState<User>();
  const rows = list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, spec.displayName));
  const teamsOf = (user: string) => teams.data?.items.filter((team) => team.spec.members?.some((member) => member.user === user)) ?? [];
  const set = (user: User, part: Partial<User["spec"]>, done: string, after?: () => void) =>
    change.mutate(
      { name: user.metadata.name, change: (fresh) => ({ ...fresh, spec: { ...fresh.spec, ...part } }) },
      {
        onSuccess: () => {
          tell(done);
          after?.();
        },
        onError: (error) => tellFailure(t("users:failed", { name: user.metadata.name }), error),
      },
    );
  return (
    <>
      <ObjectListPage
        plural="users"
        list={list}
        rows={rows}
        filtered={search !== ""}
        create={<Button onClick={() => setCreating(true)}>{t("users:create.action")}</Button>}
        columns={[
          { key: "name", title: t("login:user"), sort: (row) => row.metadata.name, cell: (row) => row.metadata.name },
          { key: "display", title: t("common:displayName"), sort: (row) => row.spec.displayName ?? "", cell: (row) => row.spec.displayName || "–" },
          {
            key: "role",
            title: t("teams:members.role"),
            sort: (row) => (row.spec.admin ? 0 : 1),
            cell: (row) => (row.spec.admin ? t("app:roles.admin") : "–"),
          },
          {
            key: "teams",
            title: t("app:pages.teams"),
            cell: (row) =>
              teamsOf(row.metadata.name).length === 0
                ? "–"
                : teamsOf(row.metadata.name).map((team, index) => (
                    <span key={team.metadata.name}>
                      {index > 0 && ", "}
                      <Link to={`/teams/${team.metadata.name}`}>{team.metadata.name}</Link>
                    </span>
                  )),
          },
          {
            key: "status",
            title: t("workspaces:column.status"),
            sort: (row) => (row.spec.disabled ? 1 : 0),
            cell: (row) =>
              row.spec.disabled ? (
                <Label color="grey" icon={<LockIcon />}>
                  {t("users:state.disabled")}
                </Label>
              ) : (
                <Label status={row.status?.hasPassword === false ? "warning" : "success"} variant="outline" icon={<CheckCircleIcon />}>
                  {row.status?.hasPassword === false ? t("users:state.noPassword") : t("users:state.active")}
                </Label>
              ),
          },
        ]}
        actions={(row) => [
          { title: t("users:password.action"), onClick: () => setPassword(row) },
          ...(row.metadata.name === me.name
            ? []
            : row.spec.disabled
              ? [{ title: t("users:enable.action"), onClick: () => set(row, { disabled: false }, t("users:enable.done", { name: row.metadata.name })) }]
              : [{ isSeparator: true }, { title: t("users:disable.action"), isDanger: true, onClick: () => setDisabling(row) }]),
        ]}
      />
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
      {password && <PasswordDialog user={password.metadata.name} onClose={() => setPassword(undefined)} />}
      {disabling && (
        <Confirm
          title={t("users:disable.title", { name: disabling.metadata.name })}
          action={t("users:disable.action")}
          danger
          busy={change.isPending}
          onClose={() => setDisabling(undefined)}
          onConfirm={() =>
            set(disabling, { disabled: true }, t("users:disable.done", { name: disabling.metadata.name }), () => setDisabling(undefined))
          }
        >
          {t("users:disable.body")}
        </Confirm>
      )}
    </>
  );
}
