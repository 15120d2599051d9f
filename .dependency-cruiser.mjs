// Who may import whom. ARCHITECTURE.md draws it; tests/rules.test.ts breaks each rule once and sees it caught.
// `npm run check` fails on every finding, and also when this file itself is refused.

import { MODULE_STAGES } from "./scripts/module-stages.mjs";

/** The modules of the server as area/noun, lowest first. A module imports only modules before it, so the areas form a directed acyclic graph. */
export const MODULE_ORDER = [
  "system/audit",
  "system/jobs",
  "system/projects",
  "system/notifications",
  "system/comments",
  "observe/prices",
  "observe/redaction",
  "observe/privacy",
  "observe/content",
  "observe/traces",
  "observe/dashboards",
  "observe/explore",
  "observe/search",
  "observe/exports",
  "observe/feedback",
  "observe/forwarding",
  "observe/incidents",
  "observe/monitors",
  "observe/slos",
  "observe/topics",
  "observe/issues",
  "observe/drift",
  "observe/probes",
  "build/models",
  "build/connections",
  "build/endpoints",
  "build/prompts",
  "build/guards",
  "build/guard-previews",
  "build/guard-detectors",
  "build/knowledge",
  "build/vector-stores",
  "build/gateway",
  "build/answers",
  "data/datasets",
  "data/curation",
  "data/synthesis",
  "evaluate/scorers",
  "evaluate/experiments",
  "evaluate/annotation",
  "evaluate/live-scoring",
  "evaluate/calibration",
  "evaluate/live-agreement",
  "evaluate/live-runs",
  "evaluate/prompt-optimisation",
  "evaluate/test-sets",
  "evaluate/red-team",
  "evaluate/retrieval",
  "train/registry",
  "train/compute-targets",
  "train/training",
  "train/conversions",
  "train/required-evaluations",
  "train/sweeps",
  "train/lineage",
  "release/limits",
  "release/comparisons",
  "release/rollouts",
  "release/shadows",
  "release/deployments",
  "release/ab-tests",
  "release/frontiers",
  "release/replays",
  "system/samples",
  "system/mcp",
  "system/system",
];

const server = "^packages/server/src/";
const modules = `${server}modules/`;
const tests = "[.]test[.]tsx?$|/testing/";
const stores = "(^|[-/])store[.]ts$";
const tables = "/schema[.]ts$";

const rule = (name, comment, [from, to]) => ({ name, comment, severity: "error", from, to });

const everywhere = [
  rule(
    "no-cycles",
    "A cycle means that two files are one idea, types counted. Join them, or move the shared part down.",
    [{}, { circular: true }],
  ),
  rule("resolvable", "Every import names a file that is there or a dependency that is declared.", [
    {},
    { couldNotResolve: true },
  ]),
  rule("no-orphans", "Nothing imports this file and it imports nothing. Use it or delete it.", [
    { orphan: true, pathNot: [tests, "[.]d[.]ts$", "/(main|index)[.]tsx?$", "^packages/web/public/"] },
    {},
  ]),
  rule("no-tests-in-production", "Production code never imports a test or a test's helper.", [
    { path: "^packages/", pathNot: tests },
    { path: tests },
  ]),
  rule("no-dev-dependency-in-production", "Production code imports what its package.json ships.", [
    // Vitest and React are peers of what the SDK has for them.
    { path: "^packages/[^/]+/src/", pathNot: [tests, "^packages/sdk/src/(vitest|react)/"] },
    { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
  ]),
];

const packages = [
  rule("contract-imports-zod-only", "The contract is what crosses the wire; it imports zod and nothing else.", [
    { path: "^packages/contract/src/", pathNot: tests },
    { pathNot: ["^packages/contract/src/", "node_modules/zod/"] },
  ]),
  rule("guards-know-no-product", "The guards read texts and are usable alone: libraries, and nothing of the product.", [
    { path: "^packages/guards/src/", pathNot: tests },
    { path: "^packages/", pathNot: "^packages/guards/src/" },
  ]),
  rule(
    "retrieval-knows-no-product",
    "Retrieval reads texts and is usable alone: libraries, and nothing of the product.",
    [
      { path: "^packages/retrieval/src/", pathNot: tests },
      { path: "^packages/", pathNot: "^packages/retrieval/src/" },
    ],
  ),
  rule("metrics-imports-nothing", "The metrics are pure and usable alone.", [
    { path: "^packages/metrics/src/", pathNot: tests },
    { pathNot: "^packages/metrics/src/" },
  ]),
  rule(
    "sdk-takes-types-only",
    "The SDK has no runtime dependency but Node's async context; it takes types from the contract. What runs in tests is apart.",
    [
      { path: "^packages/sdk/src/", pathNot: [tests, "^packages/sdk/src/(evaluate|vitest|react)/"] },
      { pathNot: ["^packages/sdk/src/", "^(node:)?async_hooks$"], dependencyTypesNot: ["type-only"] },
    ],
  ),
  rule(
    "evaluations-bring-nothing-along",
    "What the SDK has for tests takes Node and, for Vitest, the Vitest that runs it.",
    [
      { path: "^packages/sdk/src/(evaluate|vitest)/", pathNot: tests },
      { pathNot: ["^packages/sdk/src/", "node_modules/vitest/"], dependencyTypesNot: ["type-only", "core"] },
    ],
  ),
  rule(
    "sdk-react-takes-react-only",
    "The SDK's components stand in other people's pages; they bring nothing but React.",
    [
      { path: "^packages/sdk/src/react/", pathNot: tests },
      { pathNot: ["^packages/sdk/src/", "node_modules/(@types/)?react/"] },
    ],
  ),
  rule("sdk-knows-the-contract-only", "The SDK knows the contract and nothing of the server or of those who use it.", [
    { path: "^packages/sdk/src/", pathNot: tests },
    { path: "^packages/(server|web|cli)/" },
  ]),
  rule("web-talks-through-the-sdk", "The web app reaches the server through the SDK, like everybody else.", [
    { path: "^packages/web/src/" },
    { path: "^packages/(server|cli)/" },
  ]),
  rule("web-features-meet-at-index", "A feature of the web app is used through its index.", [
    { path: "^packages/web/src/features/([^/]+/[^/]+)/" },
    { path: "^packages/web/src/features/", pathNot: "^packages/web/src/features/($1/|[^/]+/[^/]+/index[.]tsx?$)" },
  ]),
  rule("cli-talks-through-the-sdk", "A command reaches the server through the SDK; only `serve` starts one.", [
    { path: "^packages/cli/src/", pathNot: [tests, "^packages/cli/src/commands/serve[.]ts$"] },
    { path: "^packages/(server|web)/" },
  ]),
  rule(
    "server-knows-no-client",
    "The server does not know who calls it. It fills in Mustache by the SDK's code alone.",
    [
      { path: server, pathNot: tests },
      { path: "^packages/(sdk|web|cli)/", pathNot: "^packages/sdk/src/prompts/mustache[.]ts$" },
    ],
  ),
];

const layers = [
  rule("kernel-is-the-floor", "The kernel imports the contract and node:crypto, and does no input or output.", [
    { path: `${server}kernel/`, pathNot: tests },
    { pathNot: [`${server}kernel/`, "^packages/contract/", "^(node:)?crypto$"] },
  ]),
  rule("platform-knows-no-product", "An adapter speaks to a machine; it does not know what a project is.", [
    { path: `${server}platform/`, pathNot: tests },
    { path: `${server}(modules/|areas/|app[.]ts$|main[.]ts$)` },
  ]),
  rule(
    "settings-come-as-arguments",
    "Only app.ts, main.ts and areas/ see the settings; everything below is handed what it needs.",
    [
      { path: `${server}(modules|platform|kernel)/`, pathNot: tests },
      { path: `${server}((config|app|main)[.]ts$|areas/)` },
    ],
  ),
  // Schemas and patterns of users are compiled without input or output, so there is one adapter only.
  rule("modules-see-ports", "A module takes a port; which adapter stands behind it is app.ts's business.", [
    { path: modules, pathNot: tests },
    { path: `${server}platform/`, pathNot: `${server}platform/(json-schema/|([^/]+/port|http/handlers)[.]ts$)` },
  ]),
];

const capabilities = [
  rule("modules-meet-at-index", "A module is used through its index.ts.", [
    { path: `${modules}([^/]+/[^/]+)/`, pathNot: tests },
    { path: modules, pathNot: `${modules}($1/|[^/]+/[^/]+/index[.]ts$)` },
  ]),
  ...MODULE_ORDER.slice(0, -1).map((name, place) =>
    rule(
      `modules-import-downwards-${name.replace("/", "-")}`,
      `The order is ${MODULE_ORDER.join(", ")}. A lower module declares the function it wants and app.ts hands it in.`,
      [
        { path: `${modules}${name}/`, pathNot: tests },
        { path: `${modules}(${MODULE_ORDER.slice(place + 1).join("|")})/` },
      ],
    ),
  ),
  rule("routes-call-the-service", "A route parses nothing and stores nothing; it calls the service.", [
    { path: `${modules}.+/routes[.]ts$` },
    { path: [stores, tables] },
  ]),
  rule("service-knows-no-http", "What a module does can be asked for by a route, a job or a test.", [
    { path: modules, pathNot: [tests, "/(routes|index|open)[.]ts$"] },
    { path: ["/routes[.]ts$", `${server}platform/http/`, "node_modules/(fastify|@fastify)/"] },
  ]),
  rule("sql-lives-in-the-store", "Only a store and a schema speak SQL.", [
    { path: modules, pathNot: [stores, tables, tests] },
    { path: ["node_modules/(drizzle-orm|pg)/", tables] },
  ]),
  rule("store-is-a-leaf", "A store knows its tables and the shapes of its rows, not the rules of the product.", [
    { path: `${modules}([^/]+/[^/]+)/.*${stores}` },
    // The SQL of the metrics is shared by the stores that count them.
    {
      path: modules,
      pathNot: [`${modules}$1/(?!(index|routes|service)[.]ts$)`, `${modules}release/comparisons/index[.]ts$`],
    },
  ]),
];

const stages = Object.entries(MODULE_STAGES).flatMap(([name, folders]) => {
  const root = `${modules}${name}/`;
  const filesIn = (folder) => `${root}${folder}/[^/]+$`;
  const filesAtRoot = `${root}[^/]+$`;
  return [
    rule(`stages-are-listed-${name.replace("/", "-")}`, `A new folder of ${name} has a place in MODULE_STAGES.`, [
      { path: root, pathNot: [tests, filesAtRoot, ...folders.map(filesIn)] },
      {},
    ]),
    ...folders.map((folder, place) =>
      rule(
        `stages-import-downwards-${`${name}/${folder}`.replaceAll("/", "-")}`,
        `The order is ${folders.join(", ")}. A later stage receives what an earlier one returns.`,
        [{ path: filesIn(folder), pathNot: tests }, { path: [filesAtRoot, ...folders.slice(place + 1).map(filesIn)] }],
      ),
    ),
  ];
});

export default {
  forbidden: [...everywhere, ...packages, ...layers, ...capabilities, ...stages],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^packages/[^/]+/(dist|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
