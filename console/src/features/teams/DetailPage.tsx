import { Button } from "@patternfly/react-core";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";
import { DeleteObject } from "../../ui/DeleteObject";
import { ObjectPage } from "../../ui/ObjectPage";
import { Members } from "./Members";
import { Placement } from "./Placement";

export default function TeamPage() {
  const { t } = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState<string>();
  return (
    <>
      <ObjectPage
        plural="teams"
        title={(team) => team.spec.displayName}
        actions={({ metadata }) =>
          me.role === "admin" && (
            <Button variant="secondary" isDanger onClick={() => setDeleting(metadata.name)}>
              {t("common:delete")}
            </Button>
          )
        }
        tabs={[
          { key: "members", title: t("teams:members.title"), content: (team) => <Members team={team} /> },
          { key: "placement", title: t("teams:placement.title"), content: (team) => <Placement key={team.metadata.uid} team={team} /> },
        ]}
      />
      {deleting !== undefined && (
        <DeleteObject plural="teams" name={deleting} onClose={() => setDeleting(undefined)} onDone={() => void navigate("/teams")}>
          {t("teams:delete.body")}
        </DeleteObject>
      )}
    </>
  );
}
