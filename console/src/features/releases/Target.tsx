import { Link } from "react-router";
import type { Release } from "../../api/types";
import { useT } from "../../app/i18n";
import { useMe } from "../../app/session";

/** Where a release goes: its cluster, or its group, and the namespace there. */
export function Target({ release: { spec } }: { readonly release: Release }) {
  const { t } = useT();
  const me = useMe();
  const name = spec.group ?? spec.cluster ?? "";
  const text = t(spec.group ? "releases:target.group" : "releases:target.cluster", { name });
  return (
    <>
      {/* Groups are operations' own. */}
      {spec.group && !me.admin ? text : <Link to={`/${spec.group ? "groups" : "clusters"}/${name}`}>{text}</Link>}
      <span className="ngy-line ngy-small ngy-quiet">{spec.namespace}</span>
    </>
  );
}
