import { Label } from "@patternfly/react-core";
import { useEffect } from "react";
import { UnlinkIcon } from "../ui/icons";
import { announce } from "./announce";
import { useT } from "./i18n";
import { useLivePaused } from "./live";

/** Says since when the page is not being kept up to date by the server. */
export function LivePaused() {
  const { t, language } = useT();
  const since = useLivePaused();
  const text =
    since === undefined
      ? undefined
      : t("app:paused", { time: new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(since) });
  useEffect(() => {
    if (text) {
      announce(text);
    }
  }, [text]);
  return text ? (
    <Label status="warning" icon={<UnlinkIcon />}>
      {text}
    </Label>
  ) : null;
}
