// Who may import whom. ARCHITECTURE.md draws it; tests/rules.test.ts breaks each rule once and sees it caught.
// `npm run check` fails on every finding, and also when this file itself is refused.

/** The capabilities of the server, lowest first. A module imports only those before it. */
export const MODULE_ORDER = [
  "audit",
  "jobs",
  "projects",
  "prices",
  "models",
  "traces",
  "boards",
  "insights",
  "prompts",
  "scorers",
  "search",
  "exports",
  "feedback",
  "datasets",
  "curation",
  "connections",
  "endpoints",
  "gateway",
  "evals",
  "annotation",
  "live-scoring",
  "calibration",
  "optimisation",
  "synthesis",
  "test-sets",
  "registry",
  "training",
  "model-evaluations",
  "sweeps",
  "lineage",
  "samples",
  "forwarding",
  "mcp",
  "admin",
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
    { path: "^packages/web/src/features/([^/]+)/" },
    { path: "^packages/web/src/features/", pathNot: "^packages/web/src/features/($1/|[^/]+/index[.]tsx?$)" },
  ]),
  rule("cli-talks-through-the-sdk", "A command reaches the server through the SDK; only `serve` starts one.", [
    { path: "^packages/cli/src/", pathNot: [tests, "^packages/cli/src/commands/serve[.]ts$"] },
    { path: "^packages/(server|web)/" },
  ]),
  rule("server-knows-no-client", "The server does not know who calls it.", [
    { path: server, pathNot: tests },
    { path: "^packages/(sdk|web|cli)/" },
  ]),
];

const layers = [
  rule("kernel-is-the-floor", "The kernel imports the contract and node:crypto, and does no input or output.", [
    { path: `${server}kernel/`, pathNot: tests },
    { pathNot: [`${server}kernel/`, "^packages/contract/", "^(node:)?crypto$"] },
  ]),
  rule("platform-knows-no-product", "An adapter speaks to a machine; it does not know what a project is.", [
    { path: `${server}platform/`, pathNot: tests },
    { path: `${server}(modules/|app[.]ts$|main[.]ts$)` },
  ]),
  rule(
    "settings-come-as-arguments",
    "Only app.ts and main.ts see the settings; everything below is handed what it needs.",
    [{ path: `${server}(modules|platform|kernel)/`, pathNot: tests }, { path: `${server}(config|app|main)[.]ts$` }],
  ),
  rule("modules-see-ports", "A module takes a port; which adapter stands behind it is app.ts's business.", [
    { path: modules, pathNot: tests },
    { path: `${server}platform/`, pathNot: `${server}platform/([^/]+/port|http/handlers)[.]ts$` },
  ]),
];

const capabilities = [
  rule("modules-meet-at-index", "A module is used through its index.ts.", [
    { path: `${modules}([^/]+)/`, pathNot: tests },
    { path: modules, pathNot: `${modules}($1/|[^/]+/index[.]ts$)` },
  ]),
  ...MODULE_ORDER.slice(0, -1).map((name, place) =>
    rule(
      `modules-import-downwards-${name}`,
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
    { path: modules, pathNot: [tests, "/(routes|index)[.]ts$"] },
    { path: ["/routes[.]ts$", `${server}platform/http/`, "node_modules/(fastify|@fastify)/"] },
  ]),
  rule("sql-lives-in-the-store", "Only a store and a schema speak SQL.", [
    { path: modules, pathNot: [stores, tables, tests] },
    { path: ["node_modules/(drizzle-orm|pg)/", tables] },
  ]),
  rule("store-is-a-leaf", "A store knows its tables and the shapes of its rows, not the rules of the product.", [
    { path: `${modules}([^/]+)/.*${stores}` },
    { path: modules, pathNot: `${modules}$1/(?!(index|routes|service)[.]ts$)` },
  ]),
];

export default {
  forbidden: [...everywhere, ...packages, ...layers, ...capabilities],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^packages/[^/]+/(dist|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
