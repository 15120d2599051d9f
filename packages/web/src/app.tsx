import { QueryClientProvider } from "@tanstack/react-query";
import { createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { queryClient } from "./api.ts";
import { NotFound, PageFailure } from "./components/feedback/states.tsx";
import { Toaster } from "./components/feedback/toast.tsx";
import { rootRoute } from "./components/layout/root-route.ts";
import { connectionsRoute } from "./features/build/connections/index.ts";
import { endpointsRoute } from "./features/build/endpoints/index.ts";
import { guardRoutes } from "./features/build/guards/index.ts";
import { knowledgeRoutes } from "./features/build/knowledge/index.ts";
import { modelPages, modelsRoute } from "./features/build/models/index.ts";
import { playgroundRoute } from "./features/build/playground/index.ts";
import { promptRoutes } from "./features/build/prompts/index.ts";
import { datasetRoutes } from "./features/data/datasets/index.ts";
import { annotationRoutes } from "./features/evaluate/annotation/index.ts";
import { experimentRoutes } from "./features/evaluate/experiments/index.ts";
import { liveScoringRoute } from "./features/evaluate/live-scoring/index.ts";
import { preferencesRoute } from "./features/evaluate/preferences/index.ts";
import { optimisationRoutes } from "./features/evaluate/prompt-optimisation/index.ts";
import { redTeamRoutes } from "./features/evaluate/red-team/index.ts";
import { scorerRoutes } from "./features/evaluate/scorers/index.ts";
import { dashboardRoutes } from "./features/observe/dashboards/index.ts";
import { driftRoutes } from "./features/observe/drift/index.ts";
import { explorePages, exploreRoute } from "./features/observe/explore/index.ts";
import { exportsRoute } from "./features/observe/exports/index.ts";
import { feedbackRoutes } from "./features/observe/feedback/index.ts";
import { forwardingRoute } from "./features/observe/forwarding/index.ts";
import { incidentRoutes } from "./features/observe/incidents/index.ts";
import { issueRoutes } from "./features/observe/issues/index.ts";
import { monitorRoutes } from "./features/observe/monitors/index.ts";
import { overviewRoute } from "./features/observe/overview/index.ts";
import { privacyRoute } from "./features/observe/privacy/index.ts";
import { probeRoutes } from "./features/observe/probes/index.ts";
import { sessionRoutes } from "./features/observe/sessions/index.ts";
import { sloRoutes } from "./features/observe/slos/index.ts";
import { sqlRoute } from "./features/observe/sql/index.ts";
import { statusPageRoute } from "./features/observe/status-page/index.ts";
import { topicRoutes } from "./features/observe/topics/index.ts";
import { traceRoutes } from "./features/observe/traces/index.ts";
import { userRoutes } from "./features/observe/users/index.ts";
import { abTestRoutes } from "./features/release/ab-tests/index.ts";
import { deploymentSettingsRoute } from "./features/release/deployments/index.ts";
import { frontierRoutes } from "./features/release/frontiers/index.ts";
import { limitsRoute } from "./features/release/limits/index.ts";
import { replayRoutes } from "./features/release/replays/index.ts";
import { rolloutRoutes } from "./features/release/rollouts/index.ts";
import { shadowRoutes } from "./features/release/shadows/index.ts";
import { spendRoute } from "./features/release/spend/index.ts";
import { jobsRoute } from "./features/system/jobs/index.ts";
import { inboxRoute, notificationsRoute } from "./features/system/notifications/index.ts";
import { settingsPages, settingsRoute } from "./features/system/projects/index.ts";
import { signInRoute } from "./features/system/session/index.ts";
import { shellRoute } from "./features/system/shell/index.ts";
import { systemRoute } from "./features/system/system/index.ts";
import { computeRoute } from "./features/train/compute-targets/index.ts";
import { lineageRoute } from "./features/train/lineage/index.ts";
import { registryListRoute, registryRoutes } from "./features/train/registry/index.ts";
import { requiredEvaluationsRoute } from "./features/train/required-evaluations/index.ts";
import { trainingRoutes } from "./features/train/training/index.ts";

/** An address without a page still has the frame around it. */
const unknownRoute = createRoute({ getParentRoute: () => shellRoute, path: "$", component: NotFound });

const router = createRouter({
  routeTree: rootRoute.addChildren([
    signInRoute,
    shellRoute.addChildren([
      overviewRoute,
      ...dashboardRoutes,
      ...traceRoutes,
      ...incidentRoutes,
      ...sessionRoutes,
      ...userRoutes,
      ...feedbackRoutes,
      ...probeRoutes,
      ...topicRoutes,
      ...issueRoutes,
      ...driftRoutes,
      exploreRoute.addChildren([...explorePages, sqlRoute]),
      ...sloRoutes,
      ...monitorRoutes,
      playgroundRoute,
      ...promptRoutes,
      ...optimisationRoutes,
      endpointsRoute,
      ...guardRoutes,
      ...knowledgeRoutes,
      ...datasetRoutes,
      ...experimentRoutes,
      ...redTeamRoutes,
      liveScoringRoute,
      ...scorerRoutes,
      ...annotationRoutes,
      preferencesRoute,
      ...trainingRoutes,
      lineageRoute,
      modelsRoute.addChildren([...modelPages, connectionsRoute, registryListRoute]),
      ...registryRoutes,
      ...rolloutRoutes,
      ...shadowRoutes,
      ...abTestRoutes,
      ...frontierRoutes,
      ...replayRoutes,
      limitsRoute,
      spendRoute,
      settingsRoute.addChildren([
        ...settingsPages,
        computeRoute,
        requiredEvaluationsRoute,
        deploymentSettingsRoute,
        notificationsRoute,
        forwardingRoute,
        privacyRoute,
        statusPageRoute,
        exportsRoute,
        jobsRoute,
        systemRoute,
      ]),
      inboxRoute,
      unknownRoute,
    ]),
  ]),
  context: { queryClient },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  scrollToTopSelectors: ["#content"],
  // Reloading also fixes the page of a server that was updated while it was open.
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
