import type { CallKnowledge } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import { type JsonRecord, listOf, recordOf, recordsOf, textOf } from "../formats/hub/json.ts";

/** Ids of knowledge bases begin with this; ids of OpenAI's vector stores begin with `vs_`. */
const BASE_ID = /^kb_/;
const MOST_RESULTS = 50;

/** Whether a tool of OpenAI's Responses API searches a knowledge base of Treadle. */
export const isKnowledgeSearch = ({ type, vector_store_ids: ids }: JsonRecord): boolean =>
  type === "file_search" && listOf(ids).some((id) => BASE_ID.test(textOf(id)));

/** The tool `file_search` at a place as knowledge. The request no longer has the tool. Throws `invalid_request`. */
export function fromFileSearch(
  request: AnyRequest,
  place: number,
): { readonly request: AnyRequest; readonly knowledge: CallKnowledge } {
  const tools = recordsOf(request.tools);
  const tool = tools[place] ?? {};
  const others = tools.filter((_, other) => other !== place);
  if (others.some(isKnowledgeSearch)) throw wrong(`tools[${place}]`, "is one of two `file_search` tools. Send one.");
  const { tools: _, tool_choice: choice, ...rest } = request;
  const keepsChoice = choice !== undefined && recordOf(choice).type !== "file_search" && others.length > 0;
  return {
    request: {
      ...rest,
      ...(others.length > 0 && { tools: others }),
      ...(keepsChoice && { tool_choice: choice }),
    },
    knowledge: toKnowledge(tool, `tools[${place}]`),
  };
}

function toKnowledge(tool: JsonRecord, param: string): CallKnowledge {
  const ids = listOf(tool.vector_store_ids);
  if (ids.length !== 1) throw wrong(`${param}.vector_store_ids`, "must have the id of one knowledge base.");
  if (tool.filters !== undefined && tool.filters !== null)
    throw wrong(
      `${param}.filters`,
      "cannot be used with a knowledge base. Use the field `knowledge` with `metadata` instead of the tool.",
    );
  const { max_num_results: most, ranking_options: ranking } = tool;
  const minScore = recordOf(ranking).score_threshold;
  return {
    knowledgeBaseId: textOf(ids[0]).slice(0, 100),
    ...(isGiven(most) && { chunks: numberIn(most, { param: `${param}.max_num_results`, from: 1, to: MOST_RESULTS }) }),
    ...(isGiven(minScore) && {
      minScore: numberIn(minScore, { param: `${param}.ranking_options.score_threshold`, from: 0, to: 1 }),
    }),
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

type Range = { readonly param: string; readonly from: number; readonly to: number };

function numberIn(value: unknown, { param, from, to }: Range): number {
  const isWhole = to === 1 || Number.isInteger(value);
  if (typeof value === "number" && value >= from && value <= to && isWhole) return value;
  throw wrong(param, `must be a ${to === 1 ? "" : "whole "}number from ${from} to ${to}.`);
}

const wrong = (param: string, why: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${why}`, details: { param } });
