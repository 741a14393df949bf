import type { AnchorHTMLAttributes } from "react";
import { Link } from "react-router";

/** A link within the console, for PatternFly's `component` properties: one component, so that drawing again does not lose the focus. */
export function RouterLink({ href = "/", ...rest }: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <Link {...rest} to={href} />;
}
