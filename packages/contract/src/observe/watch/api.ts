import type { Tag } from "../../route.ts";
import { driftApi } from "./drift-api.ts";
import { incidentCommentsApi, incidentEvidenceApi, incidentsApi } from "./incidents-api.ts";
import { issuesApi } from "./issues-api.ts";
import { monitorsApi } from "./monitors-api.ts";
import { probesApi } from "./probes-api.ts";
import { slosApi } from "./slos-api.ts";
import { statusPagesApi } from "./status-pages.ts";
import { topicsApi } from "./topics.ts";

/** The endpoints that watch the traffic. */
export const watchEndpoints = {
  ...driftApi,
  ...incidentsApi,
  ...incidentEvidenceApi,
  ...incidentCommentsApi,
  ...issuesApi,
  ...monitorsApi,
  ...probesApi,
  ...slosApi,
  ...statusPagesApi,
  ...topicsApi,
};

/** The endpoints that watch the traffic, by noun. */
export const watchTags: readonly Tag[] = [
  {
    name: "Monitors",
    description: "Conditions over spans and SQL that are evaluated every minute, and open incidents.",
    endpoints: [monitorsApi],
  },
  {
    name: "SLOs",
    description: "Objectives for the share of good requests, with error budgets and burn rates.",
    endpoints: [slosApi],
  },
  {
    name: "Status pages",
    description: "A public page with the state of chosen endpoints, and notes written by people.",
    endpoints: [statusPagesApi],
  },
  {
    name: "Probes",
    description: "Watches of hosted models for silent changes.",
    endpoints: [probesApi],
  },
  {
    name: "Topics",
    description: "What people ask: groups of traces with similar inputs.",
    endpoints: [topicsApi],
  },
  {
    name: "Issues",
    description: "Failures grouped by their cause, from the first occurrence to the fix.",
    endpoints: [issuesApi],
  },
  {
    name: "Drift",
    description: "Compares the texts of an endpoint with a frozen reference every day.",
    endpoints: [driftApi],
  },
  {
    name: "Incidents",
    description: "Incidents with their timeline, comments and evidence.",
    endpoints: [incidentsApi, incidentEvidenceApi, incidentCommentsApi],
  },
];
