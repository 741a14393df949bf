import { Alert, Button, List, ListItem } from "@patternfly/react-core";
import { lazy, useState } from "react";
import { useNavigate } from "react-router";
import { useReplace } from "../../api/resources";
import type { Bundle } from "../../api/types";
import { reasonText, useT } from "../../app/i18n";
import { tell } from "../../app/toasts";
import { ObjectError } from "../../ui/ObjectError";
import { ObjectPage } from "../../ui/ObjectPage";
import { RouterLink } from "../../ui/RouterLink";
import { BundleClusters } from "./BundleClusters";
import { Counts } from "./Counts";
import { DeleteBundle } from "./DeleteBundle";
import { isPaused } from "./logic";
import { usePause } from "./queries";

// What reads and writes YAML is fetched when it is asked for.
const YamlView = lazy(() => import("../../ui/YamlView"));
const Contents = lazy(() => import("./Contents"));
const Versions = lazy(() => import("./Versions"));

export default function BundlePage() {
  const { t } = useT();
  const navigate = useNavigate();
  const pause = usePause();
  const replace = useReplace("bundles");
  const [deleting, setDeleting] = useState<Bundle>();
  return (
    <>
      <ObjectPage
        plural="bundles"
        actions={(bundle) => (
          <>
            <Button component={RouterLink} href={`/bundles/${bundle.metadata.name}/edit`}>
              {t("common:edit")}
            </Button>
            <Button variant="secondary" isLoading={pause.isPending} onClick={() => pause.set(bundle.metadata.name, !isPaused(bundle))}>
              {isPaused(bundle) ? t("bundles:action.resume") : t("bundles:action.pause")}
            </Button>
            <Button variant="secondary" isDanger onClick={() => setDeleting(bundle)}>
              {t("common:delete")}
            </Button>
          </>
        )}
        above={(bundle) => <Above bundle={bundle} />}
        tabs={[
          { key: "clusters", title: t("app:pages.clusters"), content: (bundle) => <BundleClusters bundle={bundle} /> },
          { key: "objects", title: t("bundles:tab.objects"), content: (bundle) => <Contents bundle={bundle} /> },
          { key: "versions", title: t("bundles:tab.versions"), content: (bundle) => <Versions bundle={bundle} /> },
        ]}
        yaml={(bundle) => (
          <>
            {replace.error && <ObjectError error={replace.error} title={t("bundles:failed.save", { name: bundle.metadata.name })} />}
            <YamlView
              object={bundle}
              busy={replace.isPending}
              onSave={(object) => replace.mutate(object as Bundle, { onSuccess: ({ metadata }) => tell(t("bundles:edit.done", { name: metadata.name })) })}
            />
          </>
        )}
      />
      {deleting && <DeleteBundle bundle={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/bundles")} />}
    </>
  );
}

/** The bundle at a glance, whatever tab is open; and what the server says is wrong with it as a whole. */
function Above({ bundle }: { readonly bundle: Bundle }) {
  const { t, i18n } = useT();
  const { summary, version, conditions = [] } = bundle.status ?? {};
  const wrong = conditions.filter(({ status, message }) => !status && message);
  return (
    <div className="ngy-gap-bottom">
      <div className="ngy-actions">
        <Counts bundle={bundle} />
        {summary && version !== undefined && (
          <span className="ngy-quiet">
            {t("bundles:progress", { version, updated: summary.updated ?? 0, ready: summary.ready ?? 0, targets: summary.targets ?? 0 })}
          </span>
        )}
      </div>
      {wrong.length > 0 && (
        <Alert variant="warning" isInline className="ngy-gap-top" title={t("bundles:wrong")}>
          <List>
            {wrong.map(({ type, reason, message }) => (
              <ListItem key={type}>{reasonText(i18n, reason, message)}</ListItem>
            ))}
          </List>
        </Alert>
      )}
    </div>
  );
}
