// Takes screenshots of every page and state, light and dark, wide and narrow, into .screenshots/.
// Run it with Node after the web app was built: node tests/browser/shots/screenshots.ts [part of a name …]
// With `readme` it takes the two pictures of the README instead, into docs/images/.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startRewritingProvider } from "../../setup/rewriting-provider.ts";
import { startScriptedProvider } from "../../setup/scripted-provider.ts";
import { agentTrace } from "../furnish/agent-trace.ts";
import { EVERY_KIND } from "../furnish/every-kind.ts";
import { sendTrace, spanIdOf, traceIdOf } from "../furnish/make-trace.ts";
import { startVisitor, type Visitor } from "../visitor/visitor.ts";
import { ANNOTATION_SHOTS } from "./annotation-shots.ts";
import { DATASET_SHOTS } from "./dataset-shots.ts";
import { EVALUATION_SHOTS } from "./evaluation-shots.ts";
import { FEEDBACK_SHOTS } from "./feedback-shots.ts";
import { furnish, type Names } from "./furnish-project.ts";
import { LIVE_SHOTS } from "./live-shots.ts";
import { OPTIMISATION_SHOTS } from "./optimisation-shots.ts";
import { PLAYGROUND_SHOTS } from "./playground-shots.ts";
import { REGISTRY_SHOTS } from "./registry-shots.ts";
import type { Page, Shot } from "./shot.ts";

const FOLDER = join(import.meta.dirname, "../../../.screenshots");
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

const openTrace = (page: Page) => page.getByRole("row").filter({ hasText: "support-agent" }).nth(1).click();
const tab = (name: string) => async (page: Page) => {
  await openTrace(page);
  await page.getByRole("tab", { name }).click();
};

const makeDashboard = (template: string) => async (page: Page) => {
  await page.getByRole("dialog").getByText(template, { exact: true }).click();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("button", { name: "Compare" }).waitFor();
  await page.waitForTimeout(1_500);
};
const openDashboard = (search: string) => async (page: Page) => {
  await page.getByRole("link", { name: "Cost", exact: true }).first().click();
  await page.getByRole("button", { name: "Compare" }).waitFor();
  await page.goto(`${page.url()}&${search}`);
  await page.waitForTimeout(2_000);
};

const openFiles = (page: Page) => page.getByRole("button", { name: "Files of Archive" }).click();

const openJson = async (page: Page) => {
  await openDashboard("edit=1")(page);
  await page.getByRole("button", { name: "Edit as JSON" }).click();
};
const importDashboard = async (page: Page) => {
  await page.getByLabel("JSON", { exact: true }).fill(JSON.stringify(EVERY_KIND));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Every kind" }).waitFor();
  await page.waitForTimeout(1_500);
};

const SHOTS: readonly Shot[] = [
  ...ANNOTATION_SHOTS,
  ...DATASET_SHOTS,
  ...EVALUATION_SHOTS,
  ...OPTIMISATION_SHOTS,
  ...LIVE_SHOTS,
  ...FEEDBACK_SHOTS,
  ...REGISTRY_SHOTS,
  { name: "overview", path: "/?range=7d" },
  { name: "overview-compared", path: "/?range=24h&compare=1" },
  {
    name: "overview-users",
    path: "/?range=24h&compare=1&by=user",
    act: async (page) => {
      await page.getByRole("table", { name: "By user" }).scrollIntoViewIfNeeded();
    },
  },
  { name: "overview-filtered", path: "/?range=7d&status=error" },
  { name: "overview-first-run", path: "/", isOwn: true },
  {
    name: "overview-table",
    path: "/?range=7d",
    act: (page) => page.getByRole("button", { name: "Show Traffic as a table" }).click(),
  },
  { name: "dashboards", path: "/dashboards" },
  { name: "dashboard-new", path: "/dashboards?new=1" },
  ...(["Cost", "Quality", "Latency"] as const).map((template) => ({
    name: `dashboard-${template.toLowerCase()}`,
    path: "/dashboards?new=1&range=7d",
    act: makeDashboard(template),
  })),
  {
    name: "dashboard-empty",
    path: "/dashboards?new=1",
    act: async (page) => {
      await page.getByRole("dialog").getByText("Empty", { exact: true }).click();
      await page
        .getByRole("textbox", { name: "Name" })
        .fill("A name that goes on and on until no header has room for it");
      await page.getByRole("button", { name: "Create" }).click();
      await page.getByText("No charts yet").waitFor();
    },
  },
  { name: "dashboard-every-kind", path: "/dashboards?new=json&range=24h", act: importDashboard },
  {
    name: "dashboard-import-wrong",
    path: "/dashboards?new=json",
    act: (page) => page.getByLabel("JSON", { exact: true }).fill('{\n  "name": "x",\n}'),
  },
  {
    name: "dashboard-failed",
    path: "/dashboards?range=24h",
    act: async (page) => {
      const json = { error: { code: "internal", message: "The store did not answer in time." } };
      await page.route("**/api/v1/span-metrics", (route) => route.fulfill({ status: 500, json }));
      await openDashboard("")(page);
    },
  },
  {
    name: "dashboard-delete",
    path: "/dashboards?range=24h",
    act: async (page) => {
      await openDashboard("")(page);
      await page.getByRole("button", { name: "Actions for Cost" }).first().click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
    },
  },
  { name: "dashboard-json", path: "/dashboards?range=24h", act: openJson },
  { name: "dashboard-compared", path: "/dashboards?range=24h", act: openDashboard("compare=1") },
  { name: "dashboard-edit", path: "/dashboards?range=7d", act: openDashboard("edit=1") },
  { name: "dashboard-chart", path: "/dashboards?range=7d", act: openDashboard("edit=1&chart=cost-by-model") },
  { name: "dashboard-enlarged", path: "/dashboards?range=7d", act: openDashboard("chart=cost-by-model") },
  { name: "time-picker", path: "/?range=7d", act: (page) => page.getByRole("button", { name: /^Time:/ }).click() },
  { name: "traces", path: "/traces?range=7d" },
  { name: "traces-empty", path: "/traces?range=15m", isOwn: true },
  { name: "traces-no-match", path: "/traces?range=7d&search=zebra" },
  {
    name: "traces-filter",
    path: "/traces?range=7d&status=error",
    act: (page) => page.getByRole("combobox", { name: "Search and filter" }).click(),
  },
  {
    name: "traces-columns",
    path: "/traces?range=7d&view=spans",
    act: (page) => page.getByRole("button", { name: "Columns" }).click(),
  },
  { name: "trace-open", path: "/traces?range=7d", act: openTrace },
  { name: "trace-details", path: "/traces?range=7d", act: tab("Details") },
  { name: "trace-json", path: "/traces?range=7d", act: tab("JSON") },
  {
    name: "trace-page",
    path: "/traces?range=7d",
    act: async (page) => {
      await openTrace(page);
      await page.getByRole("link", { name: "Open as a full page" }).click();
      await page.getByRole("tab", { name: "Messages" }).waitFor();
    },
  },
  ...["flame", "graph", "conversation", "compare", "raw"].map((view) => ({
    name: `trace-view-${view}`,
    path: `/traces/${traceIdOf("pictures")}?view=${view}`,
    isOwn: true,
  })),
  {
    name: "trace-failed",
    path: "/traces?range=7d&status=error&view=spans",
    act: (page) => page.getByRole("row").nth(1).click(),
  },
  {
    name: "trace-long",
    path: "/traces",
    isOwn: true,
    act: (page) => page.getByRole("row").filter({ hasText: "a long one" }).click(),
  },
  { name: "spans", path: "/traces?range=7d&view=spans" },
  { name: "generations", path: "/traces?range=7d&view=generations&filter=model:gpt* (status:error OR latency>1s)" },
  {
    name: "export",
    path: "/traces?range=7d&view=spans",
    act: (page) => page.getByRole("button", { name: "Export" }).click(),
  },
  {
    name: "meaning-asking",
    path: "/traces?range=7d",
    act: (page) => page.getByRole("button", { name: "By meaning" }).click(),
  },
  {
    name: "meaning",
    path: "/traces?range=7d&view=spans&filter=kind:generation&meaning=the parcel never arrived",
    act: (page) => page.getByRole("grid").waitFor({ timeout: 60_000 }),
  },
  { name: "meaning-nothing", path: "/traces?range=7d&view=spans&filter=user:nobody&meaning=the parcel never arrived" },
  { name: "filter-wrong", path: "/traces?range=7d&filter=modle:gpt" },
  { name: "sessions", path: "/sessions?range=7d" },
  { name: "session", path: "/sessions?range=7d", act: (page) => page.getByRole("row").nth(3).click() },
  { name: "users", path: "/users?range=7d" },
  { name: "user", path: "/users?range=7d", act: (page) => page.getByRole("row").nth(3).click() },
  { name: "explore", path: "/explore?range=30d&by=model,status&compare=previous" },
  { name: "compare", path: "/explore/compare?range=30d&a=model:gpt*&b=model:claude*" },
  {
    name: "sql",
    path: "/explore/sql",
    act: (page) => page.getByRole("button", { name: /^Run/ }).click(),
  },
  ...PLAYGROUND_SHOTS,
  { name: "prompts", path: "/prompts", isOwn: true },
  { name: "prompts-empty", path: "/prompts" },
  { name: "prompt-new", path: "/prompts?new=1", isOwn: true },
  { name: "prompt-view", path: "/prompts/support%2Freply", isOwn: true },
  ...["changes", "labels", "usage", "comments"].map((tab) => ({
    name: `prompt-${tab}`,
    path: `/prompts/support%2Freply?tab=${tab}`,
    isOwn: true,
  })),
  {
    name: "prompt-edit",
    path: "/prompts/support%2Freply?edit=1",
    isOwn: true,
    act: async (page) => {
      await page.getByLabel("customer").fill("Ada");
      await page.getByLabel("question").fill("Where is my loom?");
      await page.getByLabel("orders").fill('[{ "id": 7, "state": "on its way" }]');
    },
  },
  {
    name: "prompt-save",
    path: "/prompts/support%2Freply?edit=1",
    isOwn: true,
    act: async (page) => {
      await page.getByLabel("Message 3, user").fill("{{question}} Answer in {{language}}.");
      await page.getByRole("button", { name: "Save…" }).click();
    },
  },
  {
    name: "prompt-label",
    path: "/prompts/support%2Freply",
    isOwn: true,
    act: (page) => page.keyboard.press("l"),
  },
  {
    name: "prompt-code",
    path: "/prompts/support%2Freply",
    isOwn: true,
    act: (page) => page.getByRole("button", { name: "Use it" }).click(),
  },
  { name: "endpoints", path: "/endpoints", isOwn: true },
  { name: "endpoint-form", path: "/endpoints?edit=new", isOwn: true },
  { name: "models", path: "/models" },
  { name: "providers", path: "/models/providers", isOwn: true },
  {
    name: "provider-form",
    path: "/models/providers",
    isOwn: true,
    act: (page) => page.getByRole("button", { name: /^Amazon Bedrock/ }).click(),
  },
  { name: "prices", path: "/models/prices" },
  { name: "api-keys", path: "/settings", isOwn: true },
  {
    name: "api-key-form",
    path: "/settings",
    isOwn: true,
    act: (page) => page.getByRole("button", { name: "New API key" }).click(),
  },
  { name: "exports", path: "/settings/exports", isOwn: true, act: openFiles },
  { name: "exports-none", path: "/settings/exports" },
  {
    name: "export-schedule",
    path: "/settings/exports",
    act: (page) => page.getByRole("button", { name: "New export" }).click(),
  },
  { name: "members", path: "/settings/members" },
  { name: "project", path: "/settings/project" },
  { name: "audit", path: "/settings/audit", isOwn: true },
  { name: "system", path: "/settings/system" },
  { name: "account", path: "/settings/account" },
  { name: "palette", path: "/traces?range=7d", act: (page) => page.keyboard.press("Control+k") },
  { name: "keys", path: "/traces?range=7d", act: (page) => page.keyboard.press("?") },
  { name: "no-such-page", path: "/nowhere" },
];

const withIds = (path: string, names: Names) =>
  path.replaceAll(
    /:(?:optimisation|dataset|questions|experiment|scorer|judged|run\d|queue\d)/g,
    (name) => names[name] ?? name,
  );

type Size = { width: number; height: number; theme: "light" | "dark" };

async function take(visitor: Visitor, shot: Shot, { names, ...look }: Size & { names: Names }) {
  const project = shot.isOwn ? visitor.projects.own : visitor.projects.sample;
  const page = await visitor.open({
    ...look,
    path: `${withIds(shot.path, names)}${shot.path.includes("?") ? "&" : "?"}project=${project}`,
  });
  const name = `${shot.name}-${look.width}-${look.theme}`;
  try {
    await page.locator("main h1, main h2").first().waitFor();
    await page.waitForTimeout(700);
    await shot.act?.(page);
    await page.waitForTimeout(shot.act ? 900 : 200);
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
  }
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.context().close();
}

/** Takes the pictures of the README: the overview of the sample project, and one whole trace. */
async function takeForReadme(visitor: Visitor) {
  const folder = join(import.meta.dirname, "../../../docs/images");
  await mkdir(folder, { recursive: true });
  await sendTrace(visitor.treadle, agentTrace("readme"));
  const take = async (name: string, path: string, height: number) => {
    const page = await visitor.open({ height, path });
    await page.getByRole("button", { name: "Hide until the next visit" }).click();
    await page.mouse.move(0, 0);
    await page.waitForTimeout(2_500);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    await page.context().close();
  };
  await take("overview", `/?range=7d&project=${visitor.projects.sample}`, 772);
  const span = spanIdOf("readme", "answer");
  await take("trace", `/traces/${traceIdOf("readme")}?project=${visitor.projects.own}&span=${span}`, 840);
}

const wanted = process.argv.slice(2);
await mkdir(FOLDER, { recursive: true });
const provider = await startScriptedProvider();
const rewriting = await startRewritingProvider();
const visitor = await startVisitor();
try {
  if (wanted.includes("readme")) await takeForReadme(visitor);
  const names = wanted.includes("readme") ? {} : await furnish(visitor, [provider.baseUrl, rewriting.baseUrl]);
  for (const shot of SHOTS.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))) {
    for (const size of SIZES)
      for (const theme of ["light", "dark"] as const) await take(visitor, shot, { ...size, theme, names });
  }
} finally {
  await visitor.close();
  await provider.close();
  await rewriting.close();
}
for (const trouble of visitor.troubles) console.error(trouble);
