import {
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Form,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  Gallery,
  HelperText,
  HelperTextItem,
  PageSection,
  TextInput,
  ActionGroup,
  Skeleton,
} from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { fieldError } from "../../api/errors";
import { useCreate, useList } from "../../api/resources";
import type { Template } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { CubesIcon } from "../../ui/icons";
import { EmptyPage } from "../../ui/EmptyPage";
import { ObjectError } from "../../ui/ObjectError";
import { PageHeader } from "../../ui/PageHeader";
import { RouterLink } from "../../ui/RouterLink";
import { bytes, cpus } from "../../ui/quantity";
import { isName } from "../../ui/names";
import { useUrlState } from "../../ui/useUrlState";
import { chartKey } from "../templates/origin";
import { suggestName } from "./logic";

export default function CreateWorkspacePage() {
  const { t, language } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const templates = useList("templates");
  const workspaces = useList("workspaces");
  const allTeams = useList("teams");
  const create = useCreate("workspaces");
  const [wantedTemplate, setTemplate] = useUrlState("template");
  const [wantedTeam, setTeam] = useState("");
  const [wantedOwner, setOwner] = useState(me.name);
  const [typed, setTyped] = useState<string>();

  const own = me.teams.map((team) => team.name);
  const teams = me.role === "admin" ? (allTeams.data?.items.map((team) => team.metadata.name) ?? own) : own;
  const usable = templates.data?.items.filter((template) => !template.metadata.team || teams.includes(template.metadata.team));
  const template = usable?.find((item) => item.metadata.name === wantedTemplate) ?? usable?.[0];
  // A team's own template is for that team alone.
  const possibleTeams = template?.metadata.team ? [template.metadata.team] : teams;
  const team = possibleTeams.includes(wantedTeam) ? wantedTeam : (possibleTeams[0] ?? "");
  const cluster = allTeams.data?.items.find((item) => item.metadata.name === team)?.spec.cluster;
  const members = allTeams.data?.items.find((item) => item.metadata.name === team)?.spec.members?.map((member) => member.user) ?? [];
  // Others get theirs from operations alone; and whoever is not of operations must be in the team.
  const owners = me.role === "admin" ? [...new Set([me.name, ...members])] : [me.name];
  const owner = owners.includes(wantedOwner) ? wantedOwner : me.name;

  const taken = new Set(workspaces.data?.items.map((workspace) => workspace.metadata.name));
  const name = typed ?? suggestName(owner, template?.metadata.name ?? "", taken);
  const nameFault = !isName(name) ? t("workspaces:new.nameBad") : taken.has(name) ? t("workspaces:new.nameTaken") : undefined;
  const refused = {
    name: fieldError(create.error ?? undefined, "metadata.name"),
    team: fieldError(create.error ?? undefined, "spec.team"),
    owner: fieldError(create.error ?? undefined, "spec.owner"),
  };

  const submit = () =>
    create.mutate(
      {
        apiVersion: "nagaya.dev/v1alpha1",
        kind: "Workspace",
        metadata: { name },
        spec: { owner, team, template: template?.metadata.name ?? "" },
      },
      { onSuccess: (made) => void navigate(`/workspaces/${made.metadata.name}`) },
    );

  return (
    <>
      <PageHeader title={t("workspaces:new.title")} parent={{ to: "/workspaces", title: t("app:pages.workspaces") }} />
      <PageSection hasBodyWrapper={false} isFilled>
        {templates.error && <ObjectError error={templates.error} onRetry={() => void templates.refetch()} />}
        {templates.isPending && <Skeleton height="10rem" screenreaderText={t("common:loading")} />}
        {usable && (usable.length === 0 || teams.length === 0) && (
          <EmptyPage title={t("workspaces:new.noTemplates.title")} icon={CubesIcon}>
            {t("workspaces:new.noTemplates.body")}
          </EmptyPage>
        )}
        {usable && template && teams.length > 0 && (
          <Form
            className="ngy-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (!nameFault) {
                submit();
              }
            }}
          >
            {create.error && <ObjectError error={create.error} title={t("workspaces:new.failed")} />}
            <FormGroup role="radiogroup" label={t("workspaces:new.template")} fieldId="template" isStack>
              <FormHelperText>
                <HelperText>
                  <HelperTextItem>{t("workspaces:new.templateHelp")}</HelperTextItem>
                </HelperText>
              </FormHelperText>
              <Gallery hasGutter minWidths={{ default: "250px" }} maxWidths={{ default: "360px" }}>
                {usable.map((item) => (
                  <TemplateCard
                    key={item.metadata.name}
                    template={item}
                    chosen={item === template}
                    onChoose={() => setTemplate(item.metadata.name)}
                  />
                ))}
              </Gallery>
            </FormGroup>
            <FormGroup label={t("workspaces:new.team")} fieldId="team" isRequired>
              <FormSelect
                id="team"
                value={team}
                onChange={(_, value) => setTeam(value)}
                isDisabled={possibleTeams.length === 1}
                validated={refused.team ? "error" : "default"}
              >
                {possibleTeams.map((item) => (
                  <FormSelectOption key={item} value={item} label={item} />
                ))}
              </FormSelect>
              <Help error={refused.team?.message} text={cluster ? t("workspaces:new.teamHelp", { cluster }) : undefined} />
            </FormGroup>
            {owners.length > 1 && (
              <FormGroup label={t("workspaces:new.owner")} fieldId="owner" isRequired>
                <FormSelect id="owner" value={owner} onChange={(_, value) => setOwner(value)} validated={refused.owner ? "error" : "default"}>
                  {owners.map((item) => (
                    <FormSelectOption key={item} value={item} label={item} />
                  ))}
                </FormSelect>
                <Help error={refused.owner?.message} text={t("workspaces:new.ownerHelp")} />
              </FormGroup>
            )}
            <FormGroup label={t("workspaces:column.name")} fieldId="name" isRequired>
              <TextInput
                id="name"
                value={name}
                maxLength={40}
                spellCheck={false}
                autoCapitalize="none"
                autoComplete="off"
                validated={nameFault || refused.name ? "error" : "default"}
                onChange={(_, value) => setTyped(value)}
                aria-describedby="name-help"
              />
              <Help id="name-help" error={nameFault ?? refused.name?.message} text={t("workspaces:new.nameHelp")} />
            </FormGroup>
            <p className="ngy-quiet">{t("workspaces:new.summary", { home: bytes(template.spec.homeSize, language) })}</p>
            <ActionGroup>
              <Button type="submit" isLoading={create.isPending} isDisabled={create.isPending || nameFault !== undefined}>
                {t("common:create")}
              </Button>
              <Button variant="link" component={RouterLink} href="/workspaces">
                {t("common:cancel")}
              </Button>
            </ActionGroup>
          </Form>
        )}
      </PageSection>
    </>
  );
}

function Help({ id, error, text }: { readonly id?: string; readonly error: string | undefined; readonly text: string | undefined }) {
  if (!error && !text) {
    return null;
  }
  return (
    <FormHelperText>
      <HelperText id={id}>
        <HelperTextItem variant={error ? "error" : "default"}>{error ?? text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

function TemplateCard({ template, chosen, onChoose }: { readonly template: Template; readonly chosen: boolean; readonly onChoose: () => void }) {
  const { t, language } = useT();
  const { metadata, spec } = template;
  const { chart, resources } = spec;
  const id = `template-${metadata.name}`;
  return (
    <Card id={id} isSelectable isSelected={chosen} isFullHeight>
      <CardHeader
        selectableActions={{
          selectableActionId: `${id}-radio`,
          selectableActionAriaLabelledby: `${id}-title`,
          name: "template",
          variant: "single",
          isChecked: chosen,
          onChange: onChoose,
        }}
      >
        <CardTitle id={`${id}-title`}>{spec.displayName || metadata.name}</CardTitle>
      </CardHeader>
      <CardBody>
        {spec.description && <p>{spec.description}</p>}
        <p className="ngy-quiet">
          {resources && (
            <>
              {t("workspaces:new.cpu")} {cpus(resources.cpuLimit ?? resources.cpu, language)} · {t("workspaces:new.memory")}{" "}
              {bytes(resources.memoryLimit ?? resources.memory, language)} ·{" "}
            </>
          )}
          {chart && `${chartKey(chart)} · `}
          {t("workspaces:new.home")} {bytes(spec.homeSize, language)}
        </p>
      </CardBody>
    </Card>
  );
}
