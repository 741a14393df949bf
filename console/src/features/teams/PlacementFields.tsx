import type { ApiError } from "../../api/errors";
import { useT } from "../../app/i18n";
import { SelectField, TextField } from "../../ui/Field";

/** What a team says of itself besides its people. */
export interface PlacementForm {
  readonly displayName: string;
  readonly cluster: string;
  /** Empty for the one of the team's name. */
  readonly namespace: string;
}

interface Props {
  readonly form: PlacementForm;
  readonly onChange: (part: Partial<PlacementForm>) => void;
  /** The team's name: its namespace where none is chosen. */
  readonly name: string;
  readonly clusters: readonly string[];
  readonly clusterHelp: string;
  readonly error: ApiError | null;
}

/** Fields of a new team as of one that is there: how it is called, and where its workspaces go. */
export function PlacementFields({ form, onChange, name, clusters, clusterHelp, error }: Props) {
  const { t } = useT();
  return (
    <>
      <TextField
        id="team-display"
        label={t("common:displayName")}
        value={form.displayName}
        onChange={(displayName) => onChange({ displayName })}
        error={error}
        path="spec.displayName"
      />
      <SelectField
        id="team-cluster"
        label={t("workspaces:column.cluster")}
        help={clusterHelp}
        required
        value={form.cluster}
        onChange={(cluster) => onChange({ cluster })}
        options={clusters.map((value) => ({ value, text: value }))}
        error={error}
        path="spec.cluster"
      />
      <TextField
        id="team-namespace"
        label={t("workspaces:detail.namespace")}
        help={t("teams:create.namespaceHelp")}
        placeholder={name}
        value={form.namespace}
        onChange={(namespace) => onChange({ namespace })}
        error={error}
        path="spec.namespace"
      />
    </>
  );
}
