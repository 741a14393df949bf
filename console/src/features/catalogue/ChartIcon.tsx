import { useState } from "react";
import { CatalogIcon } from "../../ui/icons";
import { iconAddress } from "./queries";

interface Props {
  readonly repository: string;
  readonly chart: string;
  readonly has?: boolean;
}

/** A chart's icon; where it has none, or the server cannot get it, one for all. It says nothing that the name beside it does not. */
export function ChartIcon({ repository, chart, has }: Props) {
  const [broken, setBroken] = useState(false);
  return (
    <span className="ngy-chart-icon" aria-hidden="true">
      {has && !broken ? <img src={iconAddress(repository, chart)} alt="" loading="lazy" onError={() => setBroken(true)} /> : <CatalogIcon />}
    </span>
  );
}
