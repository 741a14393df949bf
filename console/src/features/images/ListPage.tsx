import { Link } from "react-router";
import { useList } from "../../api/resources";
import { useT } from "../../app/i18n";
import { EmptyPage } from "../../ui/EmptyPage";
import { ImagesIcon } from "../../ui/icons";
import { matches } from "../../ui/ListToolbar";
import { ObjectListPage } from "../../ui/ObjectListPage";
import { useUrlState } from "../../ui/useUrlState";

/** What templates' desktops are started from. */
export default function ImagesPage() {
  const { t } = useT();
  const list = useList("images");
  const templates = useList("templates");
  const [search] = useUrlState("q");
  const users = (image: string) => templates.data?.items.filter((template) => template.spec.image === image) ?? [];
  return (
    <ObjectListPage
      plural="images"
      list={list}
      rows={list.data?.items.filter(({ metadata, spec }) => matches(search, metadata.name, metadata.team, spec.reference, spec.description))}
      filtered={search !== ""}
      columns={[
        { key: "name", title: t("common:name"), sort: (row) => row.metadata.name, cell: (row) => row.metadata.name },
        { key: "description", title: t("common:description"), width: 30, cell: (row) => row.spec.description || "–" },
        {
          key: "team",
          title: t("workspaces:column.team"),
          sort: (row) => row.metadata.team ?? "",
          cell: (row) => row.metadata.team ?? t("templates:forAll"),
        },
        { key: "reference", loose: true, title: t("images:column.reference"), cell: (row) => <code>{row.spec.reference}</code> },
        {
          key: "templates",
          title: t("app:pages.templates"),
          cell: (row) =>
            users(row.metadata.name).length === 0
              ? "–"
              : users(row.metadata.name).map((template, index) => (
                  <span key={template.metadata.name}>
                    {index > 0 && ", "}
                    <Link to={`/templates/${template.metadata.name}`}>{template.metadata.name}</Link>
                  </span>
                )),
        },
      ]}
      empty={
        <EmptyPage title={t("images:list.empty.title")} icon={ImagesIcon}>
          {t("images:list.empty.body")}
        </EmptyPage>
      }
    />
  );
}
