import { Alert } from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import { Link } from "react-router";
import type { Cluster, Workspace } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { ClusterLabel, WorkspaceLabel } from "../../ui/StatusLabel";
import { phaseOf } from "../workspaces/logic";
import { Why } from "../workspaces/Why";
import type { Problem } from "./problems";

/** What is wrong, one line each: what, why, since when, whom it keeps from work. */
export function ProblemList({ problems, quiet, label }: { readonly problems: readonly Problem[]; readonly quiet: string; readonly label: string }) {
  const { t } = useT();
  if (problems.length === 0) {
    return <Alert variant="success" isInline isPlain title={quiet} />;
  }
  return (
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-md">
      <Thead>
        <Tr>
          <Th modifier="nowrap">{t("home:ops.what")}</Th>
          <Th modifier="nowrap">{t("workspaces:column.status")}</Th>
          <Th width={50}>{t("workspaces:column.why")}</Th>
          <Th modifier="nowrap">{t("home:ops.whom")}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {problems.map((problem) => (
          <Tr key={`${problem.kind}/${problem.name}`}>
            <Td dataLabel={t("home:ops.what")}>
              <Link to={`/${problem.kind}s/${problem.name}`}>{problem.name}</Link>
              <div className="ngy-small ngy-quiet">{t(`home:ops.kind.${problem.kind}`)}</div>
            </Td>
            <Td dataLabel={t("workspaces:column.status")}>
              {problem.kind === "cluster" ? (
                <ClusterLabel phase={(problem.object as Cluster).status?.phase ?? "Pending"} />
              ) : (
                <WorkspaceLabel phase={phaseOf(problem.object as Workspace)} />
              )}
            </Td>
            <Td dataLabel={t("workspaces:column.why")} modifier="breakWord">
              {problem.kind === "cluster" ? <ClusterWhy cluster={problem.object as Cluster} /> : <Why workspace={problem.object as Workspace} />}
            </Td>
            <Td dataLabel={t("home:ops.whom")} modifier="nowrap">
              {problem.kind === "cluster" ? t("home:ops.affected", { count: problem.people }) : (problem.object as Workspace).spec.owner}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
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
