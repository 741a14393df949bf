import { Alert } from "@patternfly/react-core";
import { Link } from "react-router";
import type { Bundle, Cluster, Workspace } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { ResourceTable } from "../../ui/ResourceTable";
import { ClusterLabel, WorkspaceLabel } from "../../ui/StatusLabel";
import { BundleStateLabel } from "../bundles/BundleStateLabel";
import { tally, wrongOf } from "../bundles/logic";
import { phaseOf } from "../workspaces/logic";
import { Why } from "../workspaces/Why";
import type { Problem } from "./problems";

/** The fleet stands below, and must not be pushed out of reach by a long list. */
const PER_PAGE = 10;

/** What is wrong, one line each: what, why, since when, whom it keeps from work. */
export function ProblemList({ problems, quiet, label }: { readonly problems: readonly Problem[]; readonly quiet: string; readonly label: string }) {
  const { t } = useT();
  return (
    <ResourceTable
      label={label}
      perPage={PER_PAGE}
      rows={problems}
      rowKey={(problem) => `${problem.kind}/${problem.name}`}
      columns={[
        {
          key: "what",
          title: t("home:ops.what"),
          width: 15,
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
          cell: ({ kind, object }) => {
            switch (kind) {
              case "cluster":
                return <ClusterLabel phase={(object as Cluster).status?.phase ?? "Pending"} />;
              case "workspace":
                return <WorkspaceLabel phase={phaseOf(object as Workspace)} />;
              case "bundle":
                return (
                  <div className="ngy-actions">
                    {tally(wrongOf(object as Bundle)).map(([state, count]) => (
                      <BundleStateLabel key={state} state={state} count={count} />
                    ))}
                  </div>
                );
            }
          },
        },
        {
          key: "why",
          title: t("workspaces:column.why"),
          width: 50,
          loose: true,
          cell: ({ kind, object }) => {
            switch (kind) {
              case "cluster":
                return <ClusterWhy cluster={object as Cluster} />;
              case "workspace":
                return <Why workspace={object as Workspace} />;
              case "bundle":
                return <BundleWhy bundle={object as Bundle} />;
            }
          },
        },
        {
          key: "whom",
          title: t("home:ops.whom"),
          cell: (problem) =>
            problem.kind === "workspace" ? (problem.object as Workspace).spec.owner : t("home:ops.affected", { count: problem.people }),
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

/** The first cluster that needs somebody, and what the server says of it: the others are a click away. */
function BundleWhy({ bundle }: { readonly bundle: Bundle }) {
  const first = wrongOf(bundle)[0];
  return (
    <span className="ngy-why">
      {first?.cluster}: <span lang="en">{first?.message}</span> {first?.since && <Age at={first.since} />}
    </span>
  );
}
