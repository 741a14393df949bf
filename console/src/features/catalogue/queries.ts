import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ask } from "../../api/chartApi";
import type { ChartDetail, ChartLine, ChartVersionLine } from "../../api/charts";
import type { ApiError } from "../../api/errors";

/** All charts that the caller may install or see. */
export function useCharts() {
  return useQuery<readonly ChartLine[], ApiError>({
    queryKey: ["charts"],
    queryFn: async ({ signal }) => (await ask<{ items: ChartLine[] }>("GET", "charts", { signal })).items,
  });
}

export function useChartVersions(repository: string, chart: string) {
  return useQuery<readonly ChartVersionLine[], ApiError>({
    queryKey: ["charts", repository, chart],
    queryFn: async ({ signal }) =>
      (await ask<{ versions: ChartVersionLine[] }>("GET", "charts/{repository}/{chart}", { path: { repository, chart }, signal })).versions,
    enabled: repository !== "" && chart !== "",
  });
}

/** One version of a chart; what is published never changes. */
export function useChart(repository: string, chart: string, version: string | undefined) {
  return useQuery<ChartDetail, ApiError>({
    queryKey: ["charts", repository, chart, version],
    queryFn: ({ signal }) => ask<ChartDetail>("GET", "charts/{repository}/{chart}/{version}", { path: { repository, chart, version: version ?? "" }, signal }),
    enabled: version !== undefined && version !== "",
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export const iconAddress = (repository: string, chart: string) => `/api/v1alpha1/charts/${encodeURIComponent(repository)}/${encodeURIComponent(chart)}/icon`;

/** Where a chart's page is; a name may have slashes in it. */
export const chartAddress = (repository: string, chart: string, tab?: string) =>
  `/catalogue/${encodeURIComponent(repository)}/${encodeURIComponent(chart)}${tab ? `/${tab}` : ""}`;
