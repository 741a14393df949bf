import { QueryClientProvider } from "@tanstack/react-query";
import { createBrowserRouter } from "react-router";
import { RouterProvider } from "react-router/dom";
import { createQueryClient } from "../api/live";
import { LiveRegion } from "./announce";
import { routes } from "./routes";
import { Toasts } from "./toasts";

const cache = createQueryClient();
const router = createBrowserRouter(routes);

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
      <LiveRegion />
      <Toasts />
    </QueryClientProvider>
  );
}
