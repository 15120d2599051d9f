import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ChartQuery } from "./explore.ts";

export const CHART_KINDS = ["line", "bar", "table", "number", "heatmap"] as const;
/** A dashboard is this many columns wide. */
export const DASHBOARD_COLUMNS = 12;

const Layout = z
  .strictObject({
    x: z
      .number()
      .int()
      .min(0)
      .max(DASHBOARD_COLUMNS - 1),
    y: z.number().int().min(0).max(1_000),
    w: z.number().int().min(1).max(DASHBOARD_COLUMNS),
    h: z.number().int().min(1).max(40),
  })
  .refine(({ x, w }) => x + w <= DASHBOARD_COLUMNS, `must not reach beyond column ${DASHBOARD_COLUMNS}`);

/** What a kind of chart needs of its query, in words; null when it is there. */
function lackOf(kind: (typeof CHART_KINDS)[number], { dimensions, measures }: ChartQuery): string | null {
  if (kind === "line" && !dimensions.includes("time")) return "a line needs the dimension `time`";
  if (kind === "bar" && dimensions.length === 0) return "bars need a dimension";
  if (kind === "heatmap" && dimensions.length !== 2) return "a heat map needs two dimensions";
  if (kind === "heatmap" && measures.length !== 1) return "a heat map needs one measure";
  return null;
}

/** One chart: what it asks, how it is drawn, and where it lies on a grid of twelve columns. */
export const Chart = z
  .strictObject({
    id: z.string().regex(/^[\w-]{1,60}$/, "use letters, digits, hyphens and underscores, at most 60"),
    title: z.string().trim().max(200).default(""),
    kind: z.enum(CHART_KINDS),
    query: ChartQuery,
    layout: Layout,
  })
  .superRefine(({ kind, query }, context) => {
    const lack = lackOf(kind, query);
    if (lack !== null) context.addIssue({ code: "custom", path: ["query"], message: lack });
  });
export type Chart = z.infer<typeof Chart>;

const content = {
  name: Name,
  description: z.string().trim().max(2_000).default(""),
  charts: z
    .array(Chart)
    .max(60)
    .refine(
      (charts) => new Set(charts.map(({ id }) => id)).size === charts.length,
      "must not have two charts of one id",
    )
    .default([]),
};
const DashboardInput = z.strictObject(content);
export type DashboardInput = z.infer<typeof DashboardInput>;

export const DashboardSummary = z.object({
  dashboardId: z.string(),
  name: z.string(),
  description: z.string(),
  chartCount: z.number(),
  version: z.number(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedBy: z.string().describe("The name of the person or of the API key."),
  updatedAt: Timestamp,
});
export type DashboardSummary = z.infer<typeof DashboardSummary>;
export const Dashboard = DashboardSummary.extend({ charts: z.array(Chart) });
export type Dashboard = z.infer<typeof Dashboard>;

/** A dashboard as a file, to store in a repository or to import into another project. */
export const DashboardFile = z.strictObject({
  format: z.literal("treadle-dashboard"),
  formatVersion: z.literal(1),
  ...content,
});
export type DashboardFile = z.infer<typeof DashboardFile>;

export const VIEW_PAGES = ["traces", "spans", "sessions", "users", "explore", "overview"] as const;
const viewContent = {
  name: Name,
  page: z.enum(VIEW_PAGES),
  filter: z.string().max(4_000).default(""),
  columns: z.array(z.string().max(220)).max(100).default([]),
  order: z.string().max(100).default("").describe("The sort order of the list, such as `-durationMs`."),
  settings: z
    .record(z.string().max(60), z.string().max(4_000))
    .refine((settings) => Object.keys(settings).length <= 40, "must have at most 40 entries")
    .default({})
    .describe("Other parameters from the page's address."),
  isShared: z.boolean().default(false).describe("Whether all project members see the view, not only its creator."),
};
export const ViewInput = z.strictObject(viewContent);
export type ViewInput = z.infer<typeof ViewInput>;

export const SavedView = z.object({
  viewId: z.string(),
  ...viewContent,
  isOwn: z.boolean(),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SavedView = z.infer<typeof SavedView>;

const traceId = z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits");
const spanId = z.union([z.literal(""), z.string().regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hexadecimal digits")]);
const CommentText = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .describe("Markdown. Shown as inert text: it loads nothing from elsewhere.");

export const Comment = z.object({
  commentId: z.string(),
  traceId: z.string(),
  spanId: z.string().describe("Empty for a comment on the whole trace."),
  text: z.string(),
  author: z.object({ actorId: z.string(), name: z.string() }),
  isOwn: z.boolean(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
});
export type Comment = z.infer<typeof Comment>;

const traceIds = z
  .string()
  .max(200 * 33)
  .transform((text) => text.split(",").filter((id) => id !== ""))
  .pipe(z.array(traceId).min(1).max(200))
  .describe("Up to 200 ids, separated by commas.");

const dashboardParams = z.object({ dashboardId: z.string() });
const viewParams = z.object({ viewId: z.string() });
const commentParams = z.object({ commentId: z.string() });

export const dashboardsApi = defineApi({
  "GET /api/v1/dashboards": {
    name: "listDashboards",
    summary: "The project's dashboards by name, without their charts",
    permission: "dashboards:read",
    query: PageQuery,
    response: pageOf(DashboardSummary),
  },
  "POST /api/v1/dashboards": {
    name: "createDashboard",
    summary: "Make a dashboard",
    permission: "dashboards:write",
    body: DashboardInput,
    example: { name: "Cost of support" },
    response: Dashboard,
    status: 201,
  },
  "GET /api/v1/dashboard-templates": {
    name: "listDashboardTemplates",
    summary: "Dashboards to begin with, such as cost, quality, latency and guards; create one to change it",
    permission: "dashboards:read",
    response: pageOf(z.object({ templateId: z.string(), ...content })),
  },
  "POST /api/v1/dashboards/import": {
    name: "importDashboard",
    summary: "Make a dashboard from an exported file",
    permission: "dashboards:write",
    body: DashboardFile,
    response: Dashboard,
    status: 201,
  },
  "GET /api/v1/dashboards/:dashboardId": {
    name: "getDashboard",
    summary: "One dashboard with its charts",
    permission: "dashboards:read",
    params: dashboardParams,
    response: Dashboard,
  },
  "PUT /api/v1/dashboards/:dashboardId": {
    name: "replaceDashboard",
    summary: "Replace a dashboard; rejected if another user has changed the edited version",
    permission: "dashboards:write",
    params: dashboardParams,
    body: DashboardInput.extend({
      version: z.number().int().min(1).max(MOST_INTEGER).describe("The version that was edited."),
    }),
    response: Dashboard,
  },
  "DELETE /api/v1/dashboards/:dashboardId": {
    name: "deleteDashboard",
    summary: "Delete a dashboard",
    permission: "dashboards:write",
    params: dashboardParams,
    response: Done,
  },
  "POST /api/v1/dashboards/:dashboardId/duplicate": {
    name: "duplicateDashboard",
    summary: "Make a copy of a dashboard",
    permission: "dashboards:write",
    params: dashboardParams,
    response: Dashboard,
    status: 201,
  },
  "GET /api/v1/dashboards/:dashboardId/export": {
    name: "exportDashboard",
    summary: "A dashboard as a file that can be imported elsewhere",
    permission: "dashboards:read",
    params: dashboardParams,
    response: DashboardFile,
  },
  "GET /api/v1/views": {
    name: "listViews",
    summary: "The caller's own saved views and those shared in the project, by name",
    permission: "dashboards:read",
    query: PageQuery.extend({ page: z.enum(VIEW_PAGES).optional() }),
    response: pageOf(SavedView),
  },
  "POST /api/v1/views": {
    name: "createView",
    summary: "Save a filter, columns and an order under a name",
    permission: "dashboards:write",
    body: ViewInput,
    response: SavedView,
    status: 201,
  },
  "GET /api/v1/views/:viewId": {
    name: "getView",
    summary: "One saved view",
    permission: "dashboards:read",
    params: viewParams,
    response: SavedView,
  },
  "PUT /api/v1/views/:viewId": {
    name: "replaceView",
    summary: "Replace a saved view; only its maker can make a shared one private",
    permission: "dashboards:write",
    params: viewParams,
    body: ViewInput,
    response: SavedView,
  },
  "DELETE /api/v1/views/:viewId": {
    name: "deleteView",
    summary: "Delete a saved view",
    permission: "dashboards:write",
    params: viewParams,
    response: Done,
  },
  "GET /api/v1/comments": {
    name: "listComments",
    summary: "The comments on a trace and its spans, oldest first, and how many each span has",
    permission: "dashboards:read",
    query: PageQuery.extend({ traceId, spanId: spanId.optional() }),
    response: pageOf(Comment).extend({ counts: z.array(z.object({ spanId: z.string(), count: z.number() })) }),
  },
  "GET /api/v1/comment-counts": {
    name: "countComments",
    summary: "How many comments each of some traces has; traces without any are left out",
    permission: "dashboards:read",
    query: z.object({ traceIds }),
    response: pageOf(z.object({ traceId: z.string(), count: z.number() })),
  },
  "POST /api/v1/comments": {
    name: "createComment",
    summary: "Comment on a trace, or on one span of it",
    permission: "dashboards:write",
    body: z.strictObject({ traceId, spanId: spanId.default(""), text: CommentText }),
    response: Comment,
    status: 201,
  },
  "PATCH /api/v1/comments/:commentId": {
    name: "updateComment",
    summary: "Change the text of one's own comment",
    permission: "dashboards:write",
    params: commentParams,
    body: z.strictObject({ text: CommentText }),
    response: Comment,
  },
  "DELETE /api/v1/comments/:commentId": {
    name: "deleteComment",
    summary: "Delete one's own comment; who may change members may delete any",
    permission: "dashboards:write",
    params: commentParams,
    response: Done,
  },
});
