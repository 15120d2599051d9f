import {
  type KnowledgeBase,
  type KnowledgeSearchResult,
  MAX_PRINCIPALS,
  MetadataFilter,
  Principal,
} from "@treadle/contract";
import { z } from "zod";
import type { Call } from "../../../kernel/call.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Tool } from "./tools.ts";

type CallEndpoint = (name: string, given: Readonly<Record<string, unknown>>, call: Call) => Promise<string>;

/** The endpoints that the search calls, with the permissions of the caller. */
const LISTS = "listKnowledgeBases";
const SEARCHES = "searchKnowledge";
const MOST_BASES = 200;

export const SearchKnowledge = z.strictObject({
  query: z.string().min(1).max(10_000).describe("A question, or some words."),
  knowledgeBase: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The name or the id of a knowledge base. The only one of the project if omitted."),
  limit: z.int().min(1).max(20).default(5),
  filter: MetadataFilter.optional().describe(
    "Only documents whose metadata matches: `{type, key, value}`, or `{type, filters}` with `and` or `or`.",
  ),
  principals: z
    .array(Principal)
    .max(MAX_PRINCIPALS)
    .optional()
    .describe("The user for whom you search, such as `user:ada`. Only public documents if omitted."),
});
export type SearchKnowledge = z.output<typeof SearchKnowledge>;

/** Whether the caller may search and find the names of knowledge bases. */
export const maySearchKnowledge = (usable: readonly Tool[]): boolean =>
  [LISTS, SEARCHES].every((name) => usable.some((tool) => tool.name === name));

/** The best chunks with their sources, without what only a person needs who tunes a search. */
export async function searchKnowledge(
  callEndpoint: CallEndpoint,
  { knowledgeBase, ...body }: SearchKnowledge,
  call: Call,
): Promise<string> {
  const { knowledgeBaseId, name } = await findBase(callEndpoint, knowledgeBase, call);
  const { version, hits }: KnowledgeSearchResult = JSON.parse(
    await callEndpoint(SEARCHES, { knowledgeBaseId, body }, call),
  );
  const chunks = hits.map(({ documentId, title, uri, headings, page, score, text }) => ({
    documentId,
    title,
    uri,
    headings,
    page,
    score,
    text,
  }));
  return JSON.stringify({ knowledgeBase: name, knowledgeBaseId, version, chunks });
}

async function findBase(callEndpoint: CallEndpoint, named: string | undefined, call: Call) {
  const { items }: { items: readonly KnowledgeBase[] } = JSON.parse(
    await callEndpoint(LISTS, { limit: MOST_BASES }, call),
  );
  const [first] = items;
  if (named === undefined && items.length === 1 && first) return first;
  const base = items.find(({ knowledgeBaseId, name }) => knowledgeBaseId === named || name === named);
  if (base) return base;
  const names = items.map(({ name }) => JSON.stringify(name)).join(", ");
  if (names === "") throw new AppError("not_found", { message: "This project has no knowledge base." });
  if (named === undefined)
    throw new AppError("invalid_request", { message: `arguments.knowledgeBase: is missing. There are: ${names}.` });
  throw new AppError("not_found", { message: `There is no knowledge base "${named}". There are: ${names}.` });
}
