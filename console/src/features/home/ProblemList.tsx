import { Alert } from "@patternfly/react-core";
import { Link } from "react-router";
import type { Cluster, Workspace } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { ResourceTable } from "../../ui/ResourceTable";
import { ClusterLabel, WorkspaceLabel } from "../../ui/StatusLabel";
import { phaseOf } from "../workspaces/logic";
import { Why } from "../workspaces/Why";
import type { Problem } from "./problems";

/** What is wrong, one line each: what, why, since when, whom it keeps from work. */
export function ProblemList({ problems, quiet, label }: { readonly problems: readonly Problem[]; readonly quiet: string; readonly label: string }) {
  const { t } = useT();
  return (
    <ResourceTable
      label={label}
      rows={problems}
      rowKey={(problem) => `${problem.kind}/${problem.name}`}
      columns={[
        {
          key: "what",
          title: t("home:ops.what"),
          cell: (problem) => (
            <>
              <Link to={`/${problem.kind}s/${problem.name}`}>{problem.name}</Link>
              <div className="ngy-small ngy-quiet">{t(`home:ops.kind.${problem.kind}`)}</div>
            </>
          ),
        },
        {
          key: "status",
          title: t("workspaces:column.status"),
          cell: (problem) =>
            problem.kind === "cluster" ? (
              <ClusterLabel phase={(problem.object as Cluster).status?.phase ?? "Pending"} />
            ) : (
              <WorkspaceLabel phase={phaseOf(problem.object as Workspace)} />
            ),
        },
        {
          key: "why",
          title: t("workspaces:column.why"),
          width: 50,
          loose: true,
          cell: (problem) =>
            problem.kind === "cluster" ? <ClusterWhy cluster={problem.object as Cluster} /> : <Why workspace={problem.object as Workspace} />,
        },
        {
          key: "whom",
          title: t("home:ops.whom"),
          cell: (problem) =>
            problem.kind === "cluster" ? t("home:ops.affected", { count: problem.people }) : (problem.object as Workspace).spec.owner,
        },
      ]}
      empty={<Alert variant="success" isInline isPlain title={quiet} />}
    />
  );
}

export function ClusterWhy({ cluster }: { readonly cluster: Cluster }) {
  const { t, i18n } = useT();
  const { reason, message, since, intent } = cluster.status ?? {};
  const errors = intent?.errors?.length ?? 0;
  const text = reasonText(i18n, reason, message) || (errors > 0 ? t("home:problem.intent", { count: errors }) : "");
  return (
    <span className="ngy-why">
      {text} {since && <Age at={since} />}
    </span>
  );
}
