import "@xterm/xterm/css/xterm.css";
import { Alert, AlertActionLink } from "@patternfly/react-core";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal as Xterm, type ITheme } from "@xterm/xterm";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { asApiError, type ApiError } from "../../api/errors";
import { readJson } from "../../api/stream";
import { useT } from "../../app/i18n";
import { useTheme } from "../../app/theme";
import { ObjectError } from "../../ui/ObjectError";
import { execPath, openShell, type End, type Target } from "./exec";

/** PatternFly's tokens as xterm wants them, so that the terminal follows the theme. */
function colours(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--pf-t--global--${name}`).trim() || undefined;
  const foreground = token("text--color--regular");
  return { background: token("background--color--secondary--default"), foreground, cursor: foreground, selectionBackground: token("background--color--highlight--default") };
}

/** A shell in a container. Ctrl+Alt+Shift+M leads out of it, as it does out of a desktop: every other key is the shell's. */
export default function Terminal({ target, onLeave }: { readonly target: Target; readonly onLeave: () => void }) {
  const { t } = useT();
  const theme = useTheme();
  const holder = useRef<HTMLDivElement>(null);
  const screen = useRef<Xterm>(undefined);
  const leave = useEffectEvent(onLeave);
  const [attempt, setAttempt] = useState(0);
  const [end, setEnd] = useState<End>();
  const [refused, setRefused] = useState<ApiError>();
  const { cluster, namespace, pod, container } = target;
  const label = t("clusters:shell.label", { pod, container });

  useEffect(() => {
    if (!holder.current) {
      return undefined;
    }
    setEnd(undefined);
    setRefused(undefined);
    const to = { cluster, namespace, pod, container };
    const stop = new AbortController();
    const terminal = new Xterm({ theme: colours(), fontFamily: "RedHatMono, monospace", fontSize: 14, screenReaderMode: true, cursorBlink: false });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    terminal.open(holder.current);
    terminal.textarea?.setAttribute("aria-label", label);
    terminal.attachCustomKeyEventHandler((event) => {
      const out = event.ctrlKey && event.altKey && event.shiftKey && event.code === "KeyM";
      if (out && event.type === "keydown") {
        leave();
      }
      return !out;
    });
    fit.fit();
    const shell = openShell(to, {
      opened: () => {
        shell.resize(terminal.cols, terminal.rows);
        terminal.focus();
      },
      output: (data) => terminal.write(data),
      ended: (how, opened) => {
        if (stop.signal.aborted) {
          return;
        }
        setEnd(how);
        if (!opened) {
          // A browser does not tell why a WebSocket was refused; the same address without one does.
          readJson(execPath(to), stop.signal).catch((cause: unknown) => {
            const error = asApiError(cause);
            // 400: what is asked for is right but for being no WebSocket.
            if (!stop.signal.aborted && error.code !== 400) {
              setRefused(error);
            }
          });
        }
      },
    });
    const typed = terminal.onData(shell.type);
    const sized = terminal.onResize(({ cols, rows }) => shell.resize(cols, rows));
    const watch = new ResizeObserver(() => fit.fit());
    watch.observe(holder.current);
    screen.current = terminal;
    return () => {
      stop.abort();
      watch.disconnect();
      typed.dispose();
      sized.dispose();
      shell.close();
      terminal.dispose();
    };
  }, [cluster, namespace, pod, container, label, attempt]);
  useEffect(() => {
    // The tokens have their new values once the page is drawn with the theme.
    const frame = requestAnimationFrame(() => {
      if (screen.current) {
        screen.current.options.theme = colours();
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [theme]);

  const again = () => setAttempt(attempt + 1);
  return (
    <>
      <p className="ngy-small ngy-quiet">{t("clusters:shell.leave")}</p>
      {refused && <ObjectError error={refused} title={t("clusters:shell.failed")} onRetry={again} />}
      {end && !refused && (
        <Alert
          isInline
          role="status"
          variant={end.code === 0 ? "info" : "warning"}
          title={end.code === undefined ? t("clusters:shell.lost") : t("clusters:shell.ended", { code: end.code })}
          actionLinks={<AlertActionLink onClick={again}>{t("clusters:shell.again")}</AlertActionLink>}
        >
          {end.message && <span lang="en">{end.message}</span>}
        </Alert>
      )}
      <div ref={holder} className="ngy-terminal" lang="en" />
    </>
  );
}
