import { isRecord } from "../../../../kernel/is-record.ts";
import type { AnyRequest } from "../formats/hub/any-request.ts";
import { recordsOf, textOf } from "../formats/hub/json.ts";
import type { Call } from "../request/read-call.ts";
import type { Units } from "./assign-variant.ts";
import { factsOf } from "./routing/request-facts.ts";
import type { PlanCaller } from "./target.ts";

/** The beginning of a text is enough to tell conversations apart. */
const LONGEST = 2_000;
const SYSTEM_ROLES = new Set(["system", "developer"]);

/** The wishes of a call for its plan. */
export function planCallerOf(call: Call): PlanCaller {
  const { fallbacks, variant } = call.facts;
  return { fallbacks, variant, units: unitsOf(call), request: factsOf(call) };
}

/** What of a call can keep its variant. */
export const unitsOf = ({ facts, request, scope, spanId }: Call): Units => ({
  user: facts.userId,
  session: facts.sessionId,
  conversation: () => conversationOf(request),
  isContinued: () => hasAnswer(request),
  key: scope.actor,
  request: spanId,
});

/** The system message and the first user message, which later turns repeat. Empty without a user message of text. */
function conversationOf({ messages, input, prompt, system, instructions }: AnyRequest): string {
  const turns = messages ?? input ?? prompt;
  const first = typeof turns === "string" ? turns : textOfRole(turns, (role) => role === "user");
  if (first === "") return "";
  const leading = contentText(system ?? instructions) || textOfRole(turns, (role) => SYSTEM_ROLES.has(role));
  return `${leading.slice(0, LONGEST)}\n${first.slice(0, LONGEST)}`;
}

function hasAnswer({ messages, input, previous_response_id: previous }: AnyRequest): boolean {
  const turns = messages ?? input;
  if (typeof previous === "string") return true;
  return Array.isArray(turns) && turns.some((turn) => isRecord(turn) && turn.role === "assistant");
}

function textOfRole(turns: unknown, isWanted: (role: string) => boolean): string {
  if (!Array.isArray(turns)) return "";
  const turn: unknown = turns.find((one) => isRecord(one) && isWanted(textOf(one.role)));
  return isRecord(turn) ? contentText(turn.content) : "";
}

const contentText = (content: unknown): string =>
  typeof content === "string"
    ? content
    : recordsOf(content)
        .map(({ text }) => textOf(text))
        .join("\n");
