import { Label, List, ListItem, Title } from "@patternfly/react-core";
import type { ChartDetail, ChartVersionLine } from "../../api/charts";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { SelectField } from "../../ui/Field";
import { HistoryIcon } from "../../ui/icons";
import { ObjectError } from "../../ui/ObjectError";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { ChangedDefaults } from "../releases/ChangedDefaults";
import { readValues } from "../releases/values/document";
import { changedDefaults } from "../releases/values/layers";
import { useChart } from "./queries";

interface Props {
  readonly repository: string;
  readonly detail: ChartDetail;
  readonly versions: readonly ChartVersionLine[];
}

/** What is new in a version: what its authors say, and which defaults are others than in an older one. */
export default function Changes({ repository, detail, versions }: Props) {
  const { t } = useT();
  const [wanted, setWanted] = useUrlState("from");
  const others = versions.filter(({ version }) => version !== detail.version);
  const at = versions.findIndex(({ version }) => version === detail.version);
  const from = others.some(({ version }) => version === wanted) ? wanted : (versions[at + 1] ?? others[0])?.version;
  const before = useChart(repository, detail.name, from);
  return (
    <>
      {detail.changes.length === 0 ? (
        <EmptyPage title={t("catalogue:changes.none.title")} icon={HistoryIcon}>
          {t("catalogue:changes.none.body", { version: detail.version })}
        </EmptyPage>
      ) : (
        <>
          <Title headingLevel="h2" size="md">
            {t("catalogue:changes.told")}
          </Title>
          <List className="ngy-gap-bottom">
            {detail.changes.map(({ kind, description }) => (
              <ListItem key={`${kind}${description}`}>
                {kind && <Label isCompact>{kind}</Label>} <span lang="en">{description}</span>
              </ListItem>
            ))}
          </List>
        </>
      )}
      {from === undefined ? (
        <p className="ngy-quiet">{t("catalogue:changes.only")}</p>
      ) : (
        <>
          <div className="ngy-actions ngy-gap-bottom">
            <SelectField
              id="changes-from"
              label={t("catalogue:changes.from")}
              value={from}
              onChange={setWanted}
              options={others.map(({ version }) => ({ value: version, text: version }))}
            />
          </div>
          {before.error ? (
            <ObjectError error={before.error} title={t("catalogue:changes.failed")} onRetry={() => void before.refetch()} />
          ) : before.data ? (
            <ChangedDefaults
              from={from}
              to={detail.version}
              changes={changedDefaults(readValues(before.data.values).values, readValues(detail.values).values, {})}
              open
            />
          ) : (
            <Waiting />
          )}
        </>
      )}
    </>
  );
}
