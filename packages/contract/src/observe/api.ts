import type { Tag } from "../route.ts";
import { dashboardsApi } from "./dashboards.ts";
import { exploreApi } from "./explore.ts";
import { exportsApi } from "./exports.ts";
import { feedbackApi } from "./feedback-api.ts";
import { forwardingApi } from "./forwarding.ts";
import { otlpApi } from "./otlp.ts";
import { privacyApi } from "./privacy.ts";
import { scoreConfigsApi } from "./score-configs.ts";
import { searchApi } from "./search.ts";
import { sendersApi } from "./senders.ts";
import { sessionsApi } from "./sessions.ts";
import { spanObjectsApi } from "./span-objects.ts";
import { tracesApi } from "./traces.ts";
import { watchEndpoints, watchTags } from "./watch/api.ts";

/** The endpoints of the area observe. */
export const observeEndpoints = {
  ...tracesApi,
  ...otlpApi,
  ...sendersApi,
  ...spanObjectsApi,
  ...sessionsApi,
  ...feedbackApi,
  ...scoreConfigsApi,
  ...dashboardsApi,
  ...exploreApi,
  ...searchApi,
  ...exportsApi,
  ...forwardingApi,
  ...privacyApi,
  ...watchEndpoints,
};

/** The endpoints of the area observe by noun. */
export const observeTags: readonly Tag[] = [
  {
    name: "Traces",
    description: "Traces and their spans: each span is one finished step of a request.",
    endpoints: [tracesApi, spanObjectsApi],
  },
  {
    name: "OpenTelemetry",
    description: "Receives traces, logs and metrics from OpenTelemetry SDKs and collectors.",
    endpoints: [otlpApi],
  },
  {
    name: "Other senders",
    description: "Receives scores and media from the SDKs of Langfuse and Traceloop.",
    endpoints: [sendersApi],
  },
  {
    name: "Sessions",
    description: "Traces grouped by session and by end user.",
    endpoints: [sessionsApi],
  },
  {
    name: "Feedback",
    description: "Feedback of end users and annotators on traces and answers.",
    endpoints: [feedbackApi],
  },
  {
    name: "Score configurations",
    description: "The names and values that feedback may use.",
    endpoints: [scoreConfigsApi],
  },
  {
    name: "Dashboards",
    description: "Dashboards, saved views and comments.",
    endpoints: [dashboardsApi],
  },
  {
    name: "Explore",
    description: "Measures over spans, SQL, and exports of spans and traces.",
    endpoints: [exploreApi],
  },
  {
    name: "Search",
    description: "Search of spans by meaning.",
    endpoints: [searchApi],
  },
  {
    name: "Scheduled exports",
    description: "Scheduled exports of spans to files, every hour or day.",
    endpoints: [exportsApi],
  },
  {
    name: "Forwarding",
    description: "OpenTelemetry receivers that get a copy of the spans.",
    endpoints: [forwardingApi],
  },
  {
    name: "Privacy",
    description: "What is removed from traces before they are stored.",
    endpoints: [privacyApi],
  },
  ...watchTags,
];
