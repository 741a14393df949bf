import { Navigate, useSearchParams } from "react-router";
import { landing } from "./landing";

/** What `/login` shows to those who are logged in: nothing, it sends them on. Going back does not lead here again. */
export function Landed() {
  const [query] = useSearchParams();
  return <Navigate to={landing(query.get("next"))} replace />;
}
