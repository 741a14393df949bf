import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ChartDetail, ChartLine, ChartVersionLine } from "../../api/charts";
import { answer, client } from "../../api/client";
import type { ApiError } from "../../api/errors";

/** All charts that the caller may install or see. */
export function useCharts() {
  return useQuery<readonly ChartLine[], ApiError>({
    queryKey: ["charts"],
    queryFn: async ({ signal }) => (await answer(client.GET("/api/v1alpha1/charts", { signal }))).items,
  });
}

export function useChartVersions(repository: string, chart: string) {
  return useQuery<readonly ChartVersionLine[], ApiError>({
    queryKey: ["charts", repository, chart],
    queryFn: async ({ signal }) => {
      const path = { name: repository, chart };
      return (await answer(client.GET("/api/v1alpha1/charts/{name}/{chart}", { params: { path }, signal }))).versions;
    },
    enabled: repository !== "" && chart !== "",
  });
}

/** One version of a chart; what is published never changes. */
export function useChart(repository: string, chart: string, version: string | undefined) {
  return useQuery<ChartDetail, ApiError>({
    queryKey: ["charts", repository, chart, version],
    queryFn: async ({ signal }) => {
      const path = { name: repository, chart, version: version ?? "" };
      return (await answer(client.GET("/api/v1alpha1/charts/{name}/{chart}/{version}", { params: { path }, signal }))) as ChartDetail;
    },
    enabled: version !== undefined && version !== "",
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
}

export const iconAddress = (repository: string, chart: string) => `/api/v1alpha1/charts/${encodeURIComponent(repository)}/${encodeURIComponent(chart)}/icon`;

/** Where a chart's page is; a name may have slashes in it. */
export const chartAddress = (repository: string, chart: string, tab?: string) =>
  `/catalogue/${encodeURIComponent(repository)}/${encodeURIComponent(chart)}${tab ? `/${tab}` : ""}`;
