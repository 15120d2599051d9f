import type { ChatRequest, Recording } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalItem } from "../stores/item-store.ts";
import { bodyFor, type FixedVariant, ownMessages, readRequest } from "./build-request.ts";
import type { EvalPrompts } from "./deps.ts";
import { recordingOf } from "./recording-of.ts";

type Item = Pick<EvalItem, "itemId" | "inputs" | "metadata">;
type Fields = Readonly<Record<string, unknown>>;

/** Two names of one limit. */
const LIMITS = ["max_tokens", "max_completion_tokens"] as const;

/**
 * A variant's request for a recorded call, with the recorded parameters and tools unless the variant sets its own. A
 * prompt of the variant takes the place of the recorded prompt. Throws `AppError` for items that do not fit the prompt.
 */
export function createReplayRequests(prompts: EvalPrompts, scope: Scope, variant: FixedVariant) {
  return async (item: Item): Promise<ChatRequest> => {
    const recording = recordingOf(item);
    const own = ownMessages(item.inputs);
    const recorded = { ...recording.parameters, ...toolsOf(item.inputs) };
    const filled = await bodyFor(prompts, scope, { variant, inputs: recording.inputs ?? item.inputs });
    if (filled === null) return readRequest(variant, { messages: own, ...merged(recorded, variant.parameters) });
    const { messages, ...settings } = filled;
    const all = [...messages, ...own.slice(recording.promptMessages)];
    return readRequest(variant, { ...merged(recorded, { ...settings, ...variant.parameters }), messages: all });
  };
}

const toolsOf = ({ tools }: EvalItem["inputs"]): Fields => (Array.isArray(tools) && tools.length > 0 ? { tools } : {});

/** The recorded limit goes if the variant sets one, whichever name either uses. */
function merged(recorded: Recording["parameters"], own: Fields): Fields {
  if (!LIMITS.some((name) => own[name] !== undefined)) return { ...recorded, ...own };
  const { max_tokens: _, max_completion_tokens: __, ...others } = recorded;
  return { ...others, ...own };
}
