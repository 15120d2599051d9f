import { QueryClientProvider } from "@tanstack/react-query";
import { createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { queryClient } from "./api.ts";
import { rootRoute } from "./components/root-route.ts";
import { NotFound, PageFailure } from "./components/states.tsx";
import { Toaster } from "./components/toast.tsx";
import { annotationRoutes } from "./features/annotation/index.ts";
import { connectionsRoute } from "./features/connections/index.ts";
import { dashboardRoutes } from "./features/dashboards/index.ts";
import { datasetRoutes } from "./features/datasets/index.ts";
import { endpointsRoute } from "./features/endpoints/index.ts";
import { experimentRoutes } from "./features/experiments/index.ts";
import { explorePages, exploreRoute } from "./features/explore/index.ts";
import { exportsRoute } from "./features/exports/index.ts";
import { feedbackRoutes } from "./features/feedback/index.ts";
import { forwardingRoute } from "./features/forwarding/index.ts";
import { jobsRoute } from "./features/jobs/index.ts";
import { lineageRoute } from "./features/lineage/index.ts";
import { liveScoringRoute } from "./features/live-scoring/index.ts";
import { modelPages, modelsRoute } from "./features/models/index.ts";
import { optimisationRoutes } from "./features/optimisations/index.ts";
import { overviewRoute } from "./features/overview/index.ts";
import { playgroundRoute } from "./features/playground/index.ts";
import { preferencesRoute } from "./features/preferences/index.ts";
import { settingsPages, settingsRoute } from "./features/projects/index.ts";
import { promptRoutes } from "./features/prompts/index.ts";
import { registryListRoute, registryRoutes } from "./features/registry/index.ts";
import { requiredEvaluationsRoute } from "./features/required-evaluations/index.ts";
import { scorerRoutes } from "./features/scorers/index.ts";
import { signInRoute } from "./features/session/index.ts";
import { sessionRoutes } from "./features/sessions/index.ts";
import { shellRoute } from "./features/shell/index.ts";
import { sqlRoute } from "./features/sql/index.ts";
import { systemRoute } from "./features/system/index.ts";
import { traceRoutes } from "./features/traces/index.ts";
import { trainingRoutes } from "./features/training/index.ts";
import { userRoutes } from "./features/users/index.ts";

/** An address without a page still has the frame around it. */
const unknownRoute = createRoute({ getParentRoute: () => shellRoute, path: "$", component: NotFound });

const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    shellRoute.addChildren([
      overviewRoute,
      ...dashboardRoutes,
      ...traceRoutes,
      ...sessionRoutes,
      ...userRoutes,
      ...feedbackRoutes,
      exploreRoute.addChildren([...explorePages, sqlRoute]),
      playgroundRoute,
      ...promptRoutes,
      ...optimisationRoutes,
      endpointsRoute,
      ...datasetRoutes,
      ...experimentRoutes,
      liveScoringRoute,
      ...scorerRoutes,
      ...annotationRoutes,
      preferencesRoute,
      ...trainingRoutes,
      lineageRoute,
      modelsRoute.addChildren([...modelPages, connectionsRoute, registryListRoute]),
      ...registryRoutes,
      settingsRoute.addChildren([
        ...settingsPages,
        requiredEvaluationsRoute,
        forwardingRoute,
        exportsRoute,
        jobsRoute,
        systemRoute,
      ]),
      unknownRoute,
    ]),
  ]),
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  scrollToTopSelectors: ["#content"],
  // Reloading also mends the page of a server that was updated while it was open.
  defaultErrorComponent: ({ error }) => <PageFailure error={error} retry={() => location.reload()} />,
  defaultNotFoundComponent: NotFound,
  // Plain `?key=value`, so that a person can read and edit an address.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const set = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
    const text = new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString();
    return text ? `?${text}` : "";
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  );
}
