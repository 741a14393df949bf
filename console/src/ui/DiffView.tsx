import { useEffect, useRef } from "react";
import { createDiff } from "./yamlDiff";

interface Props {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** What stands for lines that are folded because nothing changed in them, with `$` for how many; without it none are. */
  readonly folded?: string;
}

/** What is different between two texts of YAML: what went is struck through, what came stands beneath it with a bar. */
export default function DiffView({ label, before, after, folded }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => (holder.current ? createDiff(holder.current, { label, before, after, folded }) : undefined), [label, before, after, folded]);
  return <div ref={holder} className="ngy-editor" />;
}
