import { AppError } from "../../../kernel/errors.ts";
import type { Tool } from "./tools.ts";

/** The tools that an assistant sees without asking for more: few enough to leave it room to think. */
const CURATED = {
  traces: [
    ...["listTraces", "getTrace", "listSpans", "getSpan", "listSessions", "getSession"],
    ...["measureSpans", "listFeedback"],
  ],
  prompts: [
    "listPrompts",
    "getPrompt",
    "listPromptVersions",
    "diffPromptVersions",
    "renderPrompt",
    "createPromptVersion",
  ],
  datasets: ["listDatasets", "getDataset", "getDatasetStats", "listDatasetItems", "addDatasetItems", "addTraceItems"],
  experiments: ["listExperiments", "getExperiment", "listRuns", "getRun", "listRunItems", "compareRuns"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The tools that are always in the list. */
const FINDERS = ["searchTools", "callTool"] as const;
/** The docs, which are not endpoints. */
const DOCS = "docs";
/** The area of knowledge bases. The default list has only its search. */
const KNOWLEDGE = "knowledge";
const KNOWLEDGE_SEARCH = "search_knowledge";
const ALL = "all";

/** Each curated toolset, the rest by what a permission is about, and `all`. */
const namesOfToolsets = (tools: readonly Tool[]): readonly string[] => [
  ...new Set([...Object.keys(CURATED), DOCS, ...tools.map(areaOf), ALL]),
];

/**
 * The caller's toolsets, such as `traces,prompts`. Undefined is the default. Throws `invalid_request` for an unknown
 * name.
 */
export function readToolsets(given: string | undefined, tools: readonly Tool[]): ReadonlySet<string> {
  const names = (given ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  if (names.length === 0) return new Set([...Object.keys(CURATED), DOCS]);
  const known = namesOfToolsets(tools);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new AppError("invalid_request", {
      message: `There is no toolset "${unknown}". Available toolsets: ${known.join(", ")}.`,
      details: { param: "toolsets" },
    });
  return new Set(names);
}

/** Whether the tool of that name is in the list. */
export function isListed(toolsets: ReadonlySet<string>, tool: Pick<Tool, "name" | "route">): boolean {
  if (toolsets.has(ALL)) return true;
  const area = areaOf(tool);
  if (!isCurated(area) && toolsets.has(area)) return true;
  return Object.entries(CURATED).some(([name, tools]) => toolsets.has(name) && tools.some((one) => one === tool.name));
}

/** Whether a tool without an endpoint is in the list. */
export function isOwnListed(toolsets: ReadonlySet<string>, name: string): boolean {
  if (toolsets.has(ALL) || FINDERS.some((one) => one === name)) return true;
  if (name === KNOWLEDGE_SEARCH) return toolsets.has(KNOWLEDGE) || isDefault(toolsets);
  return toolsets.has(DOCS);
}

const isDefault = (toolsets: ReadonlySet<string>) =>
  [...Object.keys(CURATED), DOCS].every((name) => toolsets.has(name));

const areaOf = ({ route }: Pick<Tool, "route">): string => route.permission.split(":")[0] ?? "";
const isCurated = (name: string): boolean => Object.hasOwn(CURATED, name);
