import { Button, Label } from "@patternfly/react-core";
import { lazy, useState } from "react";
import { Link, useNavigate } from "react-router";
import { stringify } from "yaml";
import { useReplace } from "../../api/resources";
import type { Template } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { DeleteObject } from "../../ui/DeleteObject";
import { Entries } from "../../ui/Entries";
import { ObjectError } from "../../ui/ObjectError";
import { ObjectPage } from "../../ui/ObjectPage";
import { bytes, cpus } from "../../ui/quantity";
import { RouterLink } from "../../ui/RouterLink";
import { chartAddress } from "../catalogue/queries";
import { mayChange } from "./logic";
import { chartKey } from "./origin";

const YamlView = lazy(() => import("../../ui/YamlView"));

export default function TemplatePage() {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const replace = useReplace("templates");
  const [deleting, setDeleting] = useState<string>();
  return (
    <>
      <ObjectPage
        plural="templates"
        title={(template) => template.spec.displayName}
        actions={(template) => (
          <>
            <Button component={RouterLink} href={`/workspaces/new?template=${template.metadata.name}`}>
              {t("workspaces:action.create")}
            </Button>
            {mayChange(me, template) && (
              <>
                <Button variant="secondary" component={RouterLink} href={`/templates/${template.metadata.name}/edit`}>
                  {t("common:edit")}
                </Button>
                <Button variant="secondary" isDanger onClick={() => setDeleting(template.metadata.name)}>
                  {t("common:delete")}
                </Button>
              </>
            )}
          </>
        )}
        tabs={[{ key: "overview", title: t("workspaces:tab.overview"), content: (template) => <Overview template={template} /> }]}
        yaml={(template) => (
          <>
            {replace.error && <ObjectError error={replace.error} title={t("templates:edit.failed")} />}
            <YamlView
              object={template}
              busy={replace.isPending}
              onSave={
                mayChange(me, template)
                  ? (object) =>
                      replace.mutate(object as Template, { onSuccess: ({ metadata }) => tell(t("templates:edit.done", { name: metadata.name })) })
                  : undefined
              }
            />
          </>
        )}
      />
      {deleting !== undefined && (
        <DeleteObject plural="templates" name={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/templates")}>
          {t("templates:delete.body")}
        </DeleteObject>
      )}
    </>
  );
}

function Overview({ template }: { readonly template: Template }) {
  const { t, language } = useT();
  const { metadata, spec, status } = template;
  const { chart, resources } = spec;
  const found = status?.conditions?.find((one) => one.type === "Resolved");
  return (
    <Entries
      entries={[
        [t("common:description"), spec.description],
        [t("workspaces:column.team"), metadata.team ?? t("templates:forAll")],
        [t("templates:field.image"), spec.image],
        [
          t("templates:field.chart"),
          chart && (
            <Link key="chart" to={chartAddress(chart.repository, chart.chart)}>
              {chartKey(chart)}
            </Link>
          ),
        ],
        [t("templates:field.version"), chart && [status?.chart?.version, chart.version && `(${chart.version})`].filter(Boolean).join(" ")],
        [
          t("templates:field.resolved"),
          found && !found.status && (
            <span key="resolved" lang="en">
              <Label status="danger" isCompact>
                {t("templates:field.unfit")}
              </Label>{" "}
              {found.message}
            </span>
          ),
        ],
        [t("templates:field.service"), chart && (chart.service ?? "{workspace}")],
        [t("templates:field.homeValue"), chart?.homeValue],
        [
          t("templates:field.values"),
          chart?.values && Object.keys(chart.values).length > 0 && (
            <code key="values" className="ngy-pre-line">
              {stringify(chart.values, { lineWidth: 0 })}
            </code>
          ),
        ],
        [t("templates:field.cpu"), resources && cpus(resources.cpu, language)],
        [t("templates:field.cpuLimit"), resources?.cpuLimit && cpus(resources.cpuLimit, language)],
        [t("templates:field.memory"), resources && bytes(resources.memory, language)],
        [t("templates:field.memoryLimit"), resources?.memoryLimit && bytes(resources.memoryLimit, language)],
        [t("templates:field.homeSize"), bytes(spec.homeSize, language)],
        [t("templates:field.ports"), spec.ports?.map((port) => `${port.name} ${port.port} (${port.protocol ?? "rfb"})`).join(", ")],
        [
          t("templates:field.environment"),
          spec.environment && Object.keys(spec.environment).length > 0 && (
            <code key="environment" className="ngy-pre-line">
              {Object.entries(spec.environment)
                .map(([key, value]) => `${key}=${value}`)
                .join("\n")}
            </code>
          ),
        ],
        [
          t("app:pages.workspaces"),
          <Link key="workspaces" to={`/workspaces?q=${metadata.name}`}>
            {status?.workspaces ?? 0}
          </Link>,
        ],
      ]}
    />
  );
}
