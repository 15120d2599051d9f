import { CallKnowledge, readShape } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { FormatId } from "../formats/formats.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import { recordsOf } from "../formats/hub/json.ts";
import { fromFileSearch, isKnowledgeSearch } from "./file-search.ts";

type Taken = { readonly request: AnyRequest; readonly knowledge: CallKnowledge | null };

const GROUNDED: ReadonlySet<FormatId> = new Set(["chat", "responses", "messages"]);

/** Whether answers in a format can use a knowledge base. */
export const canGround = (format: FormatId): boolean => GROUNDED.has(format);

/**
 * The knowledge that a request names, and the request without it, as a provider may see it. Throws `invalid_request` for a wrong
 * one.
 */
export function takeKnowledge(format: FormatId, request: AnyRequest): Taken {
  const { knowledge: named, ...own } = request;
  const search = format === "responses" ? recordsOf(own.tools).findIndex(isKnowledgeSearch) : -1;
  if (search < 0) return named === undefined ? { request, knowledge: null } : { request: own, knowledge: read(named) };
  if (named) throw wrong("knowledge", "and the tool `file_search` cannot be used together. Remove one of them.");
  return fromFileSearch(own, search);

  function read(value: unknown): CallKnowledge | null {
    if (value === null) return null;
    if (!canGround(format)) throw wrong("knowledge", "works with chat completions, responses and messages only.");
    const result = readShape(CallKnowledge, value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw wrong(["knowledge", ...(issue?.path ?? [])].join("."), `${issue?.message}.`);
  }
}

const wrong = (param: string, why: string) =>
  new AppError("invalid_request", { message: `\`${param}\` ${why}`, details: { param } });
