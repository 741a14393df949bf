import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router/dom";
import { createQueryClient } from "../api/live";
import { LiveRegion } from "./announce";
import { router } from "./routes";
import { Toasts } from "./toasts";

const cache = createQueryClient();

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
      <LiveRegion />
      <Toasts />
    </QueryClientProvider>
  );
}
