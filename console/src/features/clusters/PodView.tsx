import { Button, Switch, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { lazy, Suspense, useRef, useState } from "react";
import { useT } from "../../app/i18n";
import { EventTable } from "../../ui/EventTable";
import { SelectField } from "../../ui/Field";
import { ArrowLeftIcon } from "../../ui/icons";
import { LogView, TAIL } from "../../ui/LogView";
import { ObjectError } from "../../ui/ObjectError";
import { useUrlState } from "../../ui/useUrlState";
import { Waiting } from "../../ui/Waiting";
import { kubernetesPath } from "./kubernetes";
import { useClusterEvents } from "./queries";
import { containersOf, podPath, usePod } from "./workloads";

const Terminal = lazy(() => import("./Terminal"));
const VIEWS = ["logs", "shell", "events"] as const;

interface Props {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly onBack: () => void;
}

/** One pod: what its containers write, a shell in them, and what happened to it. */
export function PodView({ cluster, namespace, name, onBack }: Props) {
  const { t } = useT();
  const pod = usePod(cluster, namespace, name);
  const [view, setView] = useUrlState("view", "logs");
  const [asked, setContainer] = useUrlState("container");
  const [follow, setFollow] = useState(true);
  const [previous, setPrevious] = useState(false);
  const back = useRef<HTMLButtonElement>(null);
  const containers = pod.data ? containersOf(pod.data) : [];
  const container = containers.includes(asked) ? asked : (containers[0] ?? "");
  const query = new URLSearchParams({ container, tailLines: TAIL, ...(previous ? { previous: "true" } : { follow: String(follow) }) });
  return (
    <>
      <Button ref={back} variant="link" isInline icon={<ArrowLeftIcon />} onClick={onBack}>
        {t("clusters:pod.back")}
      </Button>
      <div>
        <h2 className="pf-v6-c-title pf-m-xl ngy-heading">{name}</h2>
        <p className="ngy-quiet">
          {[namespace, pod.data?.status.phase, pod.data?.spec.nodeName, pod.data?.status.podIP].filter(Boolean).join(" · ")}
        </p>
      </div>
      {pod.error && (
        <ObjectError
          error={pod.error}
          title={pod.error.code === 404 ? t("clusters:pod.gone") : t("clusters:pod.failed")}
          onRetry={() => void pod.refetch()}
        />
      )}
      {pod.isPending && <Waiting />}
      {pod.data && (
        <>
          <div className="ngy-actions ngy-gap-bottom">
            <ToggleGroup aria-label={t("clusters:pod.view")}>
              {VIEWS.map((one) => (
                <ToggleGroupItem key={one} buttonId={`pod-${one}`} text={t(`clusters:pod.${one}`)} isSelected={view === one} onChange={() => setView(one)} />
              ))}
            </ToggleGroup>
            {view !== "events" && containers.length > 1 && (
              <SelectField
                id="pod-container"
                label={t("workspaces:logs.container")}
                value={container}
                onChange={setContainer}
                options={containers.map((value) => ({ value, text: value }))}
              />
            )}
            {view === "logs" && (
              <>
                <Switch id="log-follow" label={t("workspaces:logs.follow")} isChecked={follow} isDisabled={previous} onChange={(_, on) => setFollow(on)} />
                <Switch id="log-previous" label={t("clusters:pod.previous")} isChecked={previous} onChange={(_, on) => setPrevious(on)} />
              </>
            )}
          </div>
          {view === "logs" && (
            <LogView
              key={pod.data.metadata.uid}
              path={kubernetesPath(cluster, `${podPath(namespace, name)}/log?${query}`)}
              follow={follow && !previous}
              title={t("workspaces:logs.title", { container })}
            />
          )}
          {view === "shell" && (
            <Suspense fallback={t("common:loading")}>
              <Terminal
                key={`${pod.data.metadata.uid}${container}`}
                target={{ cluster, namespace, pod: name, container }}
                onLeave={() => back.current?.focus()}
              />
            </Suspense>
          )}
          {view === "events" && <PodEvents cluster={cluster} namespace={namespace} name={name} />}
        </>
      )}
    </>
  );
}

function PodEvents({ cluster, namespace, name }: Omit<Props, "onBack">) {
  const { t } = useT();
  const events = useClusterEvents(cluster, true, { namespace, name });
  if (events.error && !events.data) {
    return <ObjectError error={events.error} title={t("clusters:events.failed")} onRetry={() => void events.refetch()} />;
  }
  return events.data ? <EventTable events={events.data} /> : <Waiting />;
}
