import type { ResponsesRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { invalid, unprocessable } from "../hub/content.ts";
import { compact, type JsonRecord, parseJson, recordOf, recordsOf, textOf } from "../hub/json.ts";

/** A tool as the caller defines it. A model of another format sees each tool as a function with a unique name. */
export type KnownTool = {
  /** A custom tool takes plain text instead of JSON. */
  readonly kind: "function" | "custom";
  readonly name: string;
  /** The group of the tool; empty for none. */
  readonly namespace: string;
};
export type ToolPlan = {
  /** In the hub's shape. */
  readonly tools: readonly JsonRecord[];
  /** The tool behind each name that the model sees. */
  readonly known: ReadonlyMap<string, KnownTool>;
  /** A warning for each optional tool that the model does not receive. */
  readonly leftOut: readonly string[];
};

/** The maximum length of a function's name at OpenAI and compatible services. */
const LONGEST_NAME = 64;
/**
 * Tools of OpenAI that agents send with every request: web search, image generation, and the search for tools that are not loaded yet.
 * The last is unnecessary because all tools are sent. An answer may depend on OpenAI's other tools, so those are rejected.
 */
const CAN_DO_WITHOUT = /^(web_search(_preview)?|image_generation|tool_search)(_|$)/;

const hasName = (tool: JsonRecord, param: string): string => {
  if (textOf(tool.name) === "") throw invalid(`${param}.name`, "is missing.");
  return textOf(tool.name);
};

/** `group__tool`, or the tool's own name if that would be too long. */
export function calledName({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  const joined = namespace === "" ? name : `${namespace.replace(/_+$/, "")}__${name}`;
  return joined.length <= LONGEST_NAME ? joined : name;
}

/** The text of a custom tool is the only argument of its function. The grammar goes into the description. */
function customFunction(tool: JsonRecord, name: string): JsonRecord {
  const format = recordOf(tool.format);
  const grammar =
    format.type === "grammar"
      ? `Its input follows this ${textOf(format.syntax)} grammar:\n${textOf(format.definition)}`
      : "";
  return {
    name,
    description: [textOf(tool.description), grammar].filter(Boolean).join("\n\n") || undefined,
    parameters: {
      type: "object",
      properties: { input: { type: "string", description: "What the tool is given, as it is." } },
      required: ["input"],
      additionalProperties: false,
    },
  };
}

const plainFunction = (tool: JsonRecord, name: string): JsonRecord => ({
  name,
  description: textOf(tool.description) || undefined,
  parameters: isRecord(tool.parameters) ? tool.parameters : { type: "object", properties: {} },
  strict: tool.strict === true ? true : undefined,
});

/** OpenAI's tools as functions of the hub. Throws `unprocessable` for a tool that only OpenAI runs and that the answer may depend on. */
export function planTools(asked: ResponsesRequest["tools"]): ToolPlan {
  const tools: JsonRecord[] = [];
  const known = new Map<string, KnownTool>();
  const leftOut: string[] = [];

  function add(tool: JsonRecord, param: string, namespace: string) {
    const type = textOf(tool.type);
    if (type === "function" || type === "custom") {
      const asKnown: KnownTool = { kind: type, name: hasName(tool, param), namespace };
      const name = calledName(asKnown);
      const before = known.get(name);
      if (before && before.namespace !== namespace)
        throw unprocessable(`${param}.name`, `makes ${JSON.stringify(name)}, by which another tool is called already.`);
      known.set(name, asKnown);
      const called = type === "custom" ? customFunction(tool, name) : plainFunction(tool, name);
      tools.push({ type: "function", function: compact(called) });
    } else if (type === "namespace" && namespace === "") {
      const group = hasName(tool, param);
      for (const [index, one] of recordsOf(tool.tools).entries()) add(one, `${param}.tools[${index}]`, group);
    } else if (CAN_DO_WITHOUT.test(type)) {
      leftOut.push(`\`${param}\` (${type}) was left out: only models of OpenAI can use it.`);
    } else {
      throw unprocessable(
        `${param}.type`,
        `is ${JSON.stringify(tool.type)}, a tool that only OpenAI's own models know; this model can only be given functions and custom tools.`,
      );
    }
  }
  for (const [index, tool] of (asked ?? []).entries()) add(tool, `tools[${index}]`, "");
  return { tools, known, leftOut };
}

const choiceOf = (record: JsonRecord) => ({
  type: "function",
  function: { name: calledName({ name: textOf(record.name), namespace: textOf(record.namespace) }) },
});
const isCallable = ({ type }: JsonRecord) => type === "function" || type === "custom";

/** The tool choice in the hub's shape. Throws `unprocessable` for a tool that the model does not receive. */
export function toolChoiceOf(choice: unknown, plan: ToolPlan): unknown {
  if (choice === undefined || choice === null) return undefined;
  if (plan.tools.length === 0 && plan.leftOut.length > 0) {
    if (choice === "auto" || choice === "none") return undefined;
    throw unprocessable("tool_choice", "asks for a tool, but this model can be given none of `tools`.");
  }
  if (typeof choice === "string") return choice;
  const record = recordOf(choice);
  if (isCallable(record)) return choiceOf(record);
  if (record.type === "allowed_tools") {
    const tools = recordsOf(record.tools).filter(isCallable).map(choiceOf);
    return { type: "allowed_tools", allowed_tools: { mode: record.mode, tools } };
  }
  throw unprocessable(
    "tool_choice.type",
    `is ${JSON.stringify(record.type)}; this model can only be told to call functions and custom tools.`,
  );
}

/** An earlier call's item as a tool call of the hub. */
export function readCall(item: JsonRecord, param: string): JsonRecord {
  const name = hasName(item, param);
  if (textOf(item.call_id) === "") throw invalid(`${param}.call_id`, "is missing.");
  const isCustom = item.type === "custom_tool_call";
  return {
    id: textOf(item.call_id),
    type: "function",
    function: {
      name: calledName({ name, namespace: textOf(item.namespace) }),
      arguments: isCustom ? JSON.stringify({ input: textOf(item.input) }) : textOf(item.arguments) || "{}",
    },
  };
}

/** The text of a custom tool from the arguments of its function. Arguments that are not such JSON are the text itself. */
export function customInput(json: string): string {
  const input = recordOf(parseJson(json)).input;
  return typeof input === "string" ? input : json;
}
