import { Alert, EmptyState, Switch, ToggleGroup, ToggleGroupItem } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { streamText } from "../../api/stream";
import { asApiError, type ApiError } from "../../api/errors";
import type { Workspace } from "../../api/types";
import { useT } from "../../app/i18n";
import { ObjectError } from "../../ui/ObjectError";

/** Lines kept on the page; older ones scroll out, so that a chatty program does not fill the browser. */
const KEPT = 5000;

/** The log of one container, followed while it is written. */
export function Logs({ workspace }: { readonly workspace: Workspace }) {
  const { t } = useT();
  const [container, setContainer] = useState<"workspace" | "relay">("workspace");
  const [follow, setFollow] = useState(true);
  const [lines, setLines] = useState<readonly string[]>([]);
  const [error, setError] = useState<ApiError>();
  const [attempt, setAttempt] = useState(0);
  const box = useRef<HTMLPreElement>(null);
  const { name } = workspace.metadata;
  const pod = workspace.status?.pod?.uid;

  useEffect(() => {
    setLines([]);
    setError(undefined);
    if (!pod) {
      return undefined;
    }
    const stop = new AbortController();
    let waiting: string[] = [];
    let frame = 0;
    const query = new URLSearchParams({ container, follow: String(follow), tailLines: "500" });
    streamText(
      `/api/v1alpha1/workspaces/${encodeURIComponent(name)}/logs?${query}`,
      (line) => {
        waiting.push(line);
        // Once a frame: a burst of thousands of lines is one drawing.
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          const fresh = waiting;
          waiting = [];
          setLines((old) => [...old, ...fresh].slice(-KEPT));
        });
      },
      stop.signal,
    ).catch((cause: unknown) => {
      if (!stop.signal.aborted) {
        setError(asApiError(cause));
      }
    });
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [name, container, follow, pod, attempt]);

  useEffect(() => {
    if (follow && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines, follow]);

  if (!pod) {
    return <EmptyState headingLevel="h2" titleText={t("workspaces:logs.notRunning")} />;
  }
  return (
    <>
      <div className="ngy-actions ngy-gap-bottom">
        <ToggleGroup aria-label={t("workspaces:logs.container")}>
          {(["workspace", "relay"] as const).map((value) => (
            <ToggleGroupItem
              key={value}
              buttonId={`log-${value}`}
              text={t(`workspaces:logs.${value}`)}
              isSelected={container === value}
              onChange={() => setContainer(value)}
            />
          ))}
        </ToggleGroup>
        <Switch id="log-follow" label={t("workspaces:logs.follow")} isChecked={follow} onChange={(_, value) => setFollow(value)} />
      </div>
      {error && <ObjectError error={error} title={t("workspaces:logs.failed")} onRetry={() => setAttempt(attempt + 1)} />}
      {!error && lines.length === 0 && <Alert variant="info" isInline isPlain title={t("workspaces:logs.empty")} />}
      {lines.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
        <pre ref={box} className="ngy-pre" tabIndex={0} lang="en" aria-label={t("workspaces:logs.title", { container })} role="log" aria-live="off">
          {lines.join("\n")}
        </pre>
      )}
    </>
  );
}
