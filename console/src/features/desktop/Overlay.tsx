import { Button, Card, CardBody, CardTitle, Spinner } from "@patternfly/react-core";
import { useEffect, useRef, type ReactNode } from "react";
import type { ApiError } from "../../api/errors";
import type { Workspace, WorkspacePhase } from "../../api/types";
import { useT } from "../../app/i18n";
import { duration, useNow } from "../../ui/Age";
import { ObjectError } from "../../ui/ObjectError";
import { RouterLink } from "../../ui/RouterLink";
import { Timeline } from "../workspaces/Timeline";
import { Why } from "../workspaces/Why";
import type { ConnectionState } from "./connection";

interface Props {
  readonly name: string;
  readonly workspace: Workspace | undefined;
  readonly error: ApiError | null;
  readonly phase: WorkspacePhase | undefined;
  readonly state: ConnectionState;
  readonly snapshot: HTMLCanvasElement | undefined;
  readonly onStart: () => void;
  readonly onStop: () => void;
  readonly onRetry: () => void;
  readonly onReload: () => void;
}

/** What stands in front of the picture while there is none: how far it is, or what can be done. */
export function Overlay({ name, workspace, error, phase, state, snapshot, onStart, onStop, onRetry, onReload }: Props) {
  const { t } = useT();
  const details = (
    <Button variant="link" component={RouterLink} href={`/workspaces/${name}`}>
      {t("desktop:details")}
    </Button>
  );
  if (error && !error.transient) {
    return (
      <Panel title={error.code === 404 ? t("desktop:gone") : t("desktop:failed")}>
        <ObjectError error={error} onRetry={onReload} />
        <div className="ngy-actions">
          <Button component={RouterLink} href="/workspaces">
            {t("desktop:others")}
          </Button>
        </div>
      </Panel>
    );
  }
  if (!workspace || phase === undefined) {
    return <Waiting text={t("common:loading")} />;
  }
  const progress = (
    <>
      <Timeline workspace={workspace} />
      <div className="ngy-actions">
        <Button variant="secondary" onClick={onStop}>
          {t("workspaces:action.stop")}
        </Button>
        {details}
      </div>
    </>
  );
  switch (phase) {
    case "Pending":
    case "Starting":
      return (
        <Panel title={t("desktop:starting", { name })}>
          {progress}
        </Panel>
      );
    case "Stopping":
      return <Waiting text={t("desktop:stopping", { name })} />;
    case "Stopped":
    case "Deleted":
      return (
        <Panel title={t(`desktop:${phase === "Stopped" ? "stopped" : "deleted"}`, { name })}>
          <p>{t("desktop:startHint")}</p>
          <div className="ngy-actions">
            <Button size="lg" onClick={onStart}>
              {phase === "Stopped" ? t("workspaces:action.start") : t("workspaces:action.restore")}
            </Button>
            {details}
          </div>
        </Panel>
      );
    case "Failed":
      return (
        <Panel title={t("desktop:cannotStart", { name })}>
          <p>
            <Why workspace={workspace} />
          </p>
          {progress}
        </Panel>
      );
    case "Purging":
      return <Panel title={t("desktop:gone")}>{details}</Panel>;
    case "Running":
      return <ConnectionOverlay state={state} snapshot={snapshot} onRetry={onRetry} />;
  }
}

function ConnectionOverlay({ state, snapshot, onRetry }: Pick<Props, "state" | "snapshot" | "onRetry">) {
  const { t } = useT();
  if (state.phase === "refused") {
    return (
      <Panel title={t("desktop:refused.title")}>
        <p>{t("desktop:refused.body")}</p>
        <div className="ngy-actions">
          <Button component={RouterLink} href="/workspaces">
            {t("desktop:others")}
          </Button>
        </div>
      </Panel>
    );
  }
  return (
    <>
      {snapshot && <Snapshot canvas={snapshot} />}
      {state.phase === "lost" && <Lost state={state} onRetry={onRetry} />}
      {state.phase === "connecting" && <Waiting text={state.attempt === 0 ? t("desktop:connecting") : t("desktop:reconnecting")} />}
    </>
  );
}

function Lost({ state, onRetry }: { readonly state: ConnectionState & { phase: "lost" }; readonly onRetry: () => void }) {
  const { t, language } = useT();
  const now = useNow();
  return (
    <div className="ngy-overlay">
      <Card isCompact className="ngy-overlay-note" role="status">
        <CardBody>
          <Spinner size="md" aria-label={t("desktop:reconnecting")} /> {t(`desktop:lost.${state.why}`)}{" "}
          {state.attempt > 3 && t("desktop:retryIn", { time: duration(Math.max(0, state.retryAt - now), language) })}{" "}
          <Button variant="link" isInline onClick={onRetry}>
            {t("desktop:retryNow")}
          </Button>
        </CardBody>
      </Card>
    </div>
  );
}

/** The last picture, dimmed: what was being read stays readable while the line is mended. */
function Snapshot({ canvas }: { readonly canvas: HTMLCanvasElement }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    holder.current?.replaceChildren(canvas);
  }, [canvas]);
  return <div ref={holder} className="ngy-snapshot" aria-hidden="true" />;
}

function Waiting({ text }: { readonly text: string }) {
  return (
    <div className="ngy-overlay">
      <Card isCompact className="ngy-overlay-note" role="status">
        <CardBody>
          <Spinner size="md" aria-hidden="true" /> {text}
        </CardBody>
      </Card>
    </div>
  );
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="ngy-overlay">
      <Card className="ngy-overlay-card">
        <CardTitle component="h1">{title}</CardTitle>
        <CardBody>{children}</CardBody>
      </Card>
    </div>
  );
}
