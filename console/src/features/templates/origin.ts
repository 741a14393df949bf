import type { Template } from "../../api/types";

/** A chart with its repository, as one word. */
export const chartKey = ({ repository, chart }: { readonly repository: string; readonly chart: string }) => `${repository}/${chart}`;

/** What workspaces are made from: an image, or a chart. */
export const origin = ({ image, chart }: Template["spec"]) => (chart ? chartKey(chart) : (image ?? ""));
