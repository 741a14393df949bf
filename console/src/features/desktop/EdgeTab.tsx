import { useRef, useState } from "react";
import { useT } from "../../app/i18n";

/** Movement below this is a click with an unsteady hand. CSS pixels. */
const SLOP = 4;

/** The bar's handle in full screen: opens and closes it, and can be dragged along the edge when it covers something. */
export function EdgeTab({ open, onToggle }: { readonly open: boolean; readonly onToggle: () => void }) {
  const { t } = useT();
  const [at, setAt] = useState(50);
  const drag = useRef<{ from: number; moved: boolean }>(undefined);
  return (
    <button
      type="button"
      className="ngy-edge-tab"
      style={{ left: `${at}%` }}
      aria-expanded={open}
      aria-label={t("desktop:bar")}
      onPointerDown={(event) => {
        drag.current = { from: event.clientX, moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (drag.current && (drag.current.moved || Math.abs(event.clientX - drag.current.from) > SLOP)) {
          drag.current.moved = true;
          setAt(Math.min(97, Math.max(3, (event.clientX / window.innerWidth) * 100)));
        }
      }}
      onClick={() => {
        if (!drag.current?.moved) {
          onToggle();
        }
        drag.current = undefined;
      }}
    >
      <span aria-hidden="true">⋯</span>
    </button>
  );
}
