import { Alert, Button, List, ListItem, Title } from "@patternfly/react-core";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Repository } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { Age } from "../../ui/Age";
import { Entries } from "../../ui/Entries";
import { FactTable } from "../../ui/FactTable";
import { ObjectPage } from "../../ui/ObjectPage";
import { DeleteRepository } from "./DeleteRepository";
import { useRefresh } from "./queries";
import { RepositoryDialog } from "./RepositoryDialog";
import { RepositoryLabel } from "./RepositoryLabel";
import { SecretDialog } from "./SecretDialog";

export default function RepositoryPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const refresh = useRefresh();
  const [editing, setEditing] = useState<Repository>();
  const [deleting, setDeleting] = useState<string>();
  const [sealing, setSealing] = useState<string>();
  return (
    <>
      <ObjectPage
        plural="repositories"
        badge={(repository) => <RepositoryLabel repository={repository} />}
        actions={(repository) => (
          <>
            <Button isDisabled={refresh.isPending} isLoading={refresh.isPending} onClick={() => refresh.mutate(repository.metadata.name)}>
              {t("repositories:refresh.action")}
            </Button>
            <Button variant="secondary" onClick={() => setEditing(repository)}>
              {t("common:edit")}
            </Button>
            <Button variant="secondary" onClick={() => setSealing(repository.metadata.name)}>
              {t("repositories:secret.action")}
            </Button>
            <Button variant="secondary" isDanger onClick={() => setDeleting(repository.metadata.name)}>
              {t("common:delete")}
            </Button>
          </>
        )}
        above={(repository) => <Wrong repository={repository} />}
        tabs={[{ key: "overview", title: t("repositories:tab.overview"), content: (repository) => <Overview repository={repository} /> }]}
      />
      {editing && <RepositoryDialog repository={editing} onClose={() => setEditing(undefined)} onDone={() => setEditing(undefined)} />}
      {sealing !== undefined && <SecretDialog name={sealing} onClose={() => setSealing(undefined)} />}
      {deleting !== undefined && <DeleteRepository name={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/repositories")} />}
    </>
  );
}

function Wrong({ repository }: { readonly repository: Repository }) {
  const { t, i18n } = useT();
  const wrong = (repository.status?.conditions ?? []).filter(({ status, message }) => !status && message);
  return (
    wrong.length > 0 && (
      <Alert variant="danger" isInline title={t("repositories:detail.wrong")} className="ngy-gap-bottom">
        <List>
          {wrong.map(({ type, reason, message }) => (
            <ListItem key={type}>{reasonText(i18n, reason, message)}</ListItem>
          ))}
        </List>
      </Alert>
    )
  );
}

/** Where it is, what it has, and who may install what of it. */
function Overview({ repository: { metadata, spec, status } }: { readonly repository: Repository }) {
  const { t } = useT();
  const rules = (spec.allow ?? []).map((rule, at) => ({ ...rule, number: at + 1 }));
  const list = (names: readonly string[] | undefined, none: string) => (names?.length ? names.join(", ") : none);
  return (
    <>
      <div className="ngy-gap-bottom">
        <Entries
          entries={[
            [t("repositories:field.url.label"), <code key="url">{spec.url}</code>],
            [
              t("repositories:column.charts"),
              <Link key="charts" to={`/catalogue?repository=${encodeURIComponent(metadata.name)}`}>
                {status?.charts ?? 0} · {t("repositories:detail.charts")}
              </Link>,
            ],
            [t("repositories:column.fetched"), status?.fetchedAt && <Age key="fetched" at={status.fetchedAt} />],
            [t("repositories:field.interval.label"), spec.intervalSeconds],
          ]}
        />
      </div>
      <Title headingLevel="h2" size="lg">
        {t("repositories:allow.title")}
      </Title>
      {rules.length === 0 ? (
        <p>{t("repositories:allow.help")}</p>
      ) : (
        <FactTable<(typeof rules)[number]>
          label={t("repositories:allow.title")}
          rows={rules}
          rowKey={(row) => String(row.number)}
          columns={[
            { key: "teams", title: t("repositories:allow.teams"), cell: (row) => list(row.teams, t("repositories:allow.allTeams")) },
            { key: "charts", title: t("repositories:allow.charts"), cell: (row) => list(row.charts, t("repositories:allow.allCharts")) },
            { key: "namespaces", title: t("repositories:allow.namespaces"), cell: (row) => list(row.namespaces, t("repositories:allow.ownNamespace")) },
          ]}
        />
      )}
    </>
  );
}
