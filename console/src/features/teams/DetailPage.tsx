import { Button } from "@patternfly/react-core";
import { lazy, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useDelete, useObject } from "../../api/resources";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { tell } from "../../app/toasts";
import { Confirm } from "../../ui/Confirm";
import { ObjectPage } from "../../ui/ObjectPage";
import { Members } from "./Members";
import { Placement } from "./Placement";

const YamlView = lazy(() => import("../../ui/YamlView"));

export default function TeamPage() {
  const { name = "", tab } = useParams();
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const query = useObject("teams", name);
  const remove = useDelete("teams");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <ObjectPage
        name={name}
        title={(team) => team.spec.displayName || name}
        query={query}
        parent={{ to: "/teams", title: t("app:pages.teams") }}
        notFound={t("teams:detail.notFound", { name })}
        actions={() =>
          me.role === "admin" && (
            <Button variant="secondary" isDanger onClick={() => setAsking(true)}>
              {t("common:delete")}
            </Button>
          )
        }
        tab={tab}
        tabs={[
          { key: "members", title: t("teams:members.title"), content: (team) => <Members team={team} /> },
          { key: "placement", title: t("teams:placement.title"), content: (team) => <Placement key={team.metadata.uid} team={team} /> },
          { key: "yaml", title: t("common:yaml"), content: (team) => <YamlView object={team} /> },
        ]}
      />
      {asking && (
        <Confirm
          title={t("teams:delete.title", { name })}
          action={t("common:delete")}
          danger
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            remove.mutate(name, {
              onSuccess: () => {
                tell(t("teams:delete.done", { name }));
                void navigate("/teams");
              },
            })
          }
        >
          {t("teams:delete.body")}
        </Confirm>
      )}
    </>
  );
}
