import { Label } from "@patternfly/react-core";
import type { ComponentType } from "react";
import { useT } from "../app/i18n";
import type { ClusterPhase, WorkspacePhase } from "../api/types";
import {
  CheckCircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
  HourglassHalfIcon,
  InProgressIcon,
  OffIcon,
  TrashIcon,
  UnlinkIcon,
} from "./icons";

type Tone = "success" | "warning" | "danger" | "info" | "grey";
export type Look = readonly [Tone, ComponentType];

const WORKSPACE: Readonly<Record<WorkspacePhase, Look>> = {
  Pending: ["info", HourglassHalfIcon],
  Starting: ["info", InProgressIcon],
  Running: ["success", CheckCircleIcon],
  Stopping: ["info", InProgressIcon],
  Stopped: ["grey", OffIcon],
  Failed: ["danger", ExclamationCircleIcon],
  Deleted: ["grey", TrashIcon],
  Purging: ["info", InProgressIcon],
};
const CLUSTER: Readonly<Record<ClusterPhase, Look>> = {
  Pending: ["info", HourglassHalfIcon],
  Starting: ["info", InProgressIcon],
  Ready: ["success", CheckCircleIcon],
  Degraded: ["warning", ExclamationTriangleIcon],
  Unreachable: ["warning", UnlinkIcon],
  Stopping: ["info", InProgressIcon],
  Stopped: ["grey", OffIcon],
  Deleting: ["info", InProgressIcon],
};

/** A state as icon and text, never as colour alone. */
export function PhaseLabel({ look: [tone, Icon], text }: { readonly look: Look; readonly text: string }) {
  return tone === "grey" ? (
    <Label color="grey" icon={<Icon />}>
      {text}
    </Label>
  ) : (
    <Label status={tone} icon={<Icon />}>
      {text}
    </Label>
  );
}

export function WorkspaceLabel({ phase }: { readonly phase: WorkspacePhase }) {
  const { t } = useT();
  return <PhaseLabel look={WORKSPACE[phase]} text={t(`workspaces:phase.${phase}`)} />;
}

export function ClusterLabel({ phase }: { readonly phase: ClusterPhase }) {
  const { t } = useT();
  return <PhaseLabel look={CLUSTER[phase]} text={t(`clusters:phase.${phase}`)} />;
}
