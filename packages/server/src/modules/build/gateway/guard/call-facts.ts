import type { CallFacts, Trust } from "@treadle/guards";
import { mapTexts } from "../../guards/index.ts";
import type { Call } from "../request/read-call.ts";

/** What detectors may know of a call. Most policies ask for nothing, so it is read when a detector wants it. */
export function factsOf(call: Call): CallFacts {
  let systemPrompt: string | null = null;
  let sources: readonly string[] | null = null;
  return {
    get systemPrompt() {
      systemPrompt ??= textsOf(call, ["system"]).join("\n");
      return systemPrompt;
    },
    get sources() {
      sources ??= textsOf(call, ["retrieved", "tool-result"]);
      return sources;
    },
    keyId: call.scope.actor.startsWith("key_") ? call.scope.actor : null,
    isAnswer: false,
  };
}

function textsOf({ format, request }: Call, trusts: readonly Trust[]): readonly string[] {
  const texts: string[] = [];
  const text = (value: string, { trust }: { readonly trust: Trust }) => {
    if (trusts.includes(trust)) texts.push(value);
    return value;
  };
  mapTexts(format, request, { text, unknown: () => undefined });
  return texts;
}
