import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Plan } from "../stores/plan.ts";
import type { Privacy } from "./deps.ts";

export type Prepared = { readonly request: ChatRequest; readonly isRedacted: boolean };

/** The parts of a message that can be read. In a picture, a recording or a file nothing can be found. */
const READABLE = new Set<unknown>(["text", "refusal", "input_text", "output_text"]);

/** The request as it may leave for the candidate's provider; null if it may not. */
export function prepareRequest(request: ChatRequest, mode: Plan["personalData"], privacy: Privacy): Prepared | null {
  if (mode === "send") return { request, isRedacted: false };
  if (hasUnreadable(request)) return null;
  const { model, ...rest } = request;
  const content = withoutCaller(rest);
  if (!isPrivate(content, privacy)) return { request: { ...content, model } as ChatRequest, isRedacted: false };
  if (mode === "skip") return null;
  const masked = privacy.mask(content);
  return isPrivate(masked, privacy) ? null : { request: { ...masked, model } as ChatRequest, isRedacted: true };
}

/** Fields that only name the caller, and that no model reads. */
const withoutCaller = ({
  user: _user,
  safety_identifier: _safety,
  metadata: _metadata,
  prompt_cache_key: _key,
  ...content
}: Readonly<Record<string, unknown>>) => content;

/** Each text is looked at as it is: in JSON, an escape may hide what is private. */
function isPrivate(value: unknown, privacy: Privacy): boolean {
  if (typeof value === "string") return privacy.hasPrivate(value);
  if (Array.isArray(value)) return value.some((each) => isPrivate(each, privacy));
  return isRecord(value) && Object.values(value).some((each) => isPrivate(each, privacy));
}

const hasUnreadable = ({ messages }: ChatRequest): boolean =>
  messages.some(
    ({ content }) =>
      Array.isArray(content) && content.some((part: unknown) => isRecord(part) && !READABLE.has(part.type)),
  );
