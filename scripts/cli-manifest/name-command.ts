import type { Route } from "@treadle/contract";

export type CommandName = { readonly noun: string; readonly verb: string; readonly aliases: readonly string[] };

/** Where the path says too little or too much. By the operation's name: noun and verb. */
const EXCEPTIONS: Readonly<Record<string, readonly [noun: string, verb: string]>> = {
  signIn: ["account", "sign-in"],
  getCurrentSession: ["account", "get"],
  signOut: ["account", "sign-out"],
  getHealth: ["system", "health"],
  getReadiness: ["system", "readiness"],
  runSql: ["sql", "run"],
  measureSpans: ["span", "measure"],
  countMessageTokens: ["message", "count-tokens"],
  getTraceTotals: ["trace", "totals"],
  countComments: ["comment", "count"],
  givePublicFeedback: ["feedback", "give-public"],
  getScoreRate: ["score", "rate"],
  previewPrompt: ["prompt", "preview"],
  // `diff` of prompts and datasets is written by hand, and does more.
  diffPromptVersions: ["prompt-version", "diff"],
  diffDatasetVersions: ["dataset-version", "diff"],
  changeDatasetItems: ["dataset-item", "change"],
  previewMerge: ["dataset-branch", "preview-merge"],
  getFieldDistribution: ["dataset", "distribution"],
  selectForAnnotation: ["annotation", "select"],
  addFeedbackToDataset: ["feedback", "to-dataset"],
  evaluateModelVersion: ["model-version", "evaluate"],
  quarantineItems: ["quarantine", "add"],
  getAnswerLineage: ["lineage", "answer"],
  getVersionLineage: ["lineage", "version"],
  getRunLineage: ["lineage", "training-run"],
  listRunRows: ["lineage", "training-run-rows"],
  getDatasetLineage: ["lineage", "dataset"],
  getItemLineage: ["lineage", "dataset-item"],
  publishConsensus: ["queue", "publish-consensus"],
  getConsensus: ["queue", "consensus"],
  getLiveSchedule: ["live-scoring", "schedule"],
  setLiveSchedule: ["live-scoring", "set-schedule"],
  // OpenAI changes objects by POST.
  modifyVectorStore: ["vector-store", "update"],
  updateVectorStoreFile: ["vector-store-file", "update"],
};

/** APIs of other products, each one noun; the operation's name gives the verb. */
const FOREIGN: readonly (readonly [start: RegExp, noun: string, leaveOut: readonly string[]])[] = [
  [/^.*\/v1\/(traces|logs|metrics)$/, "otlp", ["receive"]],
  [/^\/api\/public\//, "langfuse", ["langfuse"]],
  [/^\/v2\//, "traceloop", ["traceloop"]],
  [/^\/api\/2\.0\//, "mlflow", ["mlflow"]],
  [/^\/mcp$/, "mcp", ["mcp"]],
];

/** How a path begins, and how it is read. The first that fits counts. */
const PREFIXES: readonly (readonly [start: RegExp, instead: string])[] = [
  [/^\/api\/v1\/registry\/models(?=\/|$)/, "models"],
  [/^\/api\/v1\/registry\//, "model-"],
  [/^\/api\/v1\/models(?=\/|$)/, "local-models"],
  [/^\/api\/v1\/annotation-queues(?=\/|$)/, "queues"],
  [/^\/api\/v1\//, ""],
  [/^\/v1\/models(?=\/|$)/, "gateway-models"],
  [/^\/v1\/chat\//, "chat-"],
  [/^\/v1\/fine_tuning\//, "fine-tuning-"],
  [/^\/v1\//, ""],
  [/^\//, ""],
];

const CRUD: Readonly<Record<string, string>> = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "update",
  DELETE: "delete",
};
const PLAIN_VERBS: ReadonlySet<string> = new Set(["list", "get", "create", "update", "delete"]);

/**
 * The command of an operation. The words of the path are the noun, in the singular, and the method is the verb. A last word that is no
 * collection and has nothing below it is an action, and the verb.
 */
export function nameCommand(endpoint: string, route: Route, endpoints: readonly string[]): CommandName {
  const [method = "", path = ""] = endpoint.split(" ");
  const words = wordsOf(route.name);
  const exception = EXCEPTIONS[route.name];
  if (exception) return { noun: exception[0], verb: exception[1], aliases: [] };
  const foreign = FOREIGN.find(([start]) => start.test(path));
  if (foreign) {
    const [, noun, leaveOut] = foreign;
    return { noun, verb: words.filter((word) => !leaveOut.includes(word)).join("-"), aliases: [] };
  }
  const named = nameByPath({ method, path, route }, endpoints);
  return { ...named, aliases: aliasesOf(words, named.verb) };
}

type Place = { readonly method: string; readonly path: string; readonly route: Route };

function nameByPath({ method, path, route }: Place, endpoints: readonly string[]) {
  const parts = read(path).split("/");
  const words = parts.filter((part) => !part.startsWith(":")).map((part) => part.replaceAll("_", "-"));
  const last = words.at(-1) ?? "";
  const noun = (of: readonly string[]) => of.map(singular).join("-");
  if (parts.at(-1)?.startsWith(":")) return { noun: noun(words), verb: CRUD[method] ?? "" };
  if (route.answer === "events") return { noun: noun(words.slice(0, -1)), verb: "watch" };
  const isList = method === "GET" && route.name.startsWith("list");
  const isResource =
    words.length === 1 ||
    isList ||
    endpoints.some((other) => other.includes(` ${path}/`)) ||
    (method !== "GET" && singular(last) !== last);
  if (!isResource) return { noun: noun(words.slice(0, -1)), verb: last };
  return { noun: noun(words), verb: isList ? "list" : (CRUD[method] ?? "") };
}

function read(path: string): string {
  for (const [start, instead] of PREFIXES) if (start.test(path)) return path.replace(start, instead);
  return path;
}

/** The operation's own verb is accepted as well: `member invite` for `member create`. */
function aliasesOf([first = "", second = ""]: readonly string[], verb: string): readonly string[] {
  const own = ["in", "out", "up", "back"].includes(second) ? `${first}-${second}` : first;
  return PLAIN_VERBS.has(own) || own.replaceAll("-", "") === verb.replaceAll("-", "") ? [] : [own];
}

const IRREGULAR: Readonly<Record<string, string>> = {
  aliases: "alias",
  settings: "settings",
  stats: "stats",
  uses: "uses",
};

export function singular(word: string): string {
  const [last = ""] = word.split("-").slice(-1);
  const start = word.slice(0, word.length - last.length);
  if (IRREGULAR[last]) return start + IRREGULAR[last];
  if (last.endsWith("ies")) return `${start}${last.slice(0, -3)}y`;
  if (/(ch|sh|x|ss)es$/.test(last)) return start + last.slice(0, -2);
  return last.endsWith("s") && !/(ss|us|is)$/.test(last) ? start + last.slice(0, -1) : word;
}

/** `getFieldDistribution` → get, field, distribution. */
const wordsOf = (name: string) =>
  name
    .replaceAll(/LangSmith/g, "Langsmith")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ");
