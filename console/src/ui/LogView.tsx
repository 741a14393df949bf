import { Alert } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import { asApiError, type ApiError } from "../api/errors";
import { streamText } from "../api/stream";
import { useT } from "../app/i18n";
import { ObjectError } from "./ObjectError";

/** Lines kept on the page; older ones scroll out, so that a chatty program does not fill the browser. */
const KEPT = 5000;
/** Lines of before that are asked for. */
export const TAIL = "500";

interface Props {
  /** Where the log is read from, with all that is asked for; another one begins anew. */
  readonly path: string;
  /** Whether the end is kept in sight. */
  readonly follow: boolean;
  readonly title: string;
}

/** Text as it comes from a program, line by line. */
export function LogView({ path, follow, title }: Props) {
  const { t } = useT();
  const [lines, setLines] = useState<readonly string[]>([]);
  const [error, setError] = useState<ApiError>();
  const [attempt, setAttempt] = useState(0);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    setLines([]);
    setError(undefined);
    const stop = new AbortController();
    let waiting: string[] = [];
    let frame = 0;
    streamText(
      path,
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
  }, [path, attempt]);

  useEffect(() => {
    if (follow && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines, follow]);

  return (
    <>
      {error && <ObjectError error={error} title={t("workspaces:logs.failed")} onRetry={() => setAttempt(attempt + 1)} />}
      {!error && lines.length === 0 && <Alert variant="info" isInline isPlain title={t("workspaces:logs.empty")} />}
      {lines.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
        <pre ref={box} className="ngy-pre" tabIndex={0} lang="en" aria-label={title} role="log" aria-live="off">
          {lines.join("\n")}
        </pre>
      )}
    </>
  );
}
