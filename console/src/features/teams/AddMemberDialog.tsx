import { useState } from "react";
import type { ApiError } from "../../api/errors";
import { useList } from "../../api/resources";
import type { Member, Team, TeamRole } from "../../api/types";
import { useT } from "../../app/i18n";
import { SelectField, TextField } from "../../ui/Field";
import { FormDialog } from "../../ui/FormDialog";

interface Props {
  readonly team: Team;
  readonly busy: boolean;
  readonly error: ApiError | null;
  readonly onAdd: (member: Member) => void;
  readonly onClose: () => void;
}

export function AddMemberDialog({ team, busy, error, onAdd, onClose }: Props) {
  const { t } = useT();
  const users = useList("users");
  const [wanted, setUser] = useState("");
  const [role, setRole] = useState<TeamRole>("member");
  const inTeam = new Set(team.spec.members?.map((member) => member.user));
  const others = users.data?.items.filter((item) => !inTeam.has(item.metadata.name)) ?? [];
  // Who may not list all users still knows the name of the colleague.
  const choose = users.data !== undefined && !users.error;
  const user = choose && !others.some((item) => item.metadata.name === wanted) ? (others[0]?.metadata.name ?? "") : wanted.trim();
  return (
    <FormDialog
      title={t("teams:members.addTitle", { team: team.spec.displayName || team.metadata.name })}
      action={t("common:add")}
      failed={t("teams:members.failed")}
      busy={busy}
      ready={user !== ""}
      error={error}
      onClose={onClose}
      onSubmit={() => onAdd({ user, role })}
    >
      {choose ? (
        <SelectField
          id="member-user"
          label={t("teams:members.person")}
          help={others.length === 0 ? t("teams:members.everybody") : undefined}
          required
          value={user}
          onChange={setUser}
          options={others.map(({ metadata, spec }) => ({
            value: metadata.name,
            text: spec.displayName ? `${metadata.name} (${spec.displayName})` : metadata.name,
          }))}
        />
      ) : (
        <TextField id="member-user" label={t("teams:members.person")} help={t("teams:members.userHelp")} required autoFocus value={wanted} onChange={setUser} />
      )}
      <SelectField
        id="member-role"
        label={t("teams:members.role")}
        help={role === "team-admin" ? t("teams:members.teamAdminHelp") : t("teams:members.memberHelp")}
        value={role}
        onChange={(value) => setRole(value as TeamRole)}
        options={[
          { value: "member", text: t("app:roles.member") },
          { value: "team-admin", text: t("app:roles.team-admin") },
        ]}
      />
    </FormDialog>
  );
}
