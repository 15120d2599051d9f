import { type CallFacts, lazyFacts, type Trust } from "@treadle/guards";
import { mapTexts } from "../../guards/index.ts";
import type { Call } from "../request/read-call.ts";

/** What detectors may know of a call. `quoted` gives the passages that are added to its request. */
export const factsOf = (call: Call, quoted: () => readonly string[] = () => []): CallFacts =>
  lazyFacts({
    keyId: call.scope.actor.startsWith("key_") ? call.scope.actor : null,
    systemPrompt: () => textsOf(call, ["system"]).join("\n"),
    sources: () => [...textsOf(call, ["retrieved", "tool-result"]), ...quoted()],
  });

function textsOf({ format, request }: Call, trusts: readonly Trust[]): readonly string[] {
  const texts: string[] = [];
  const text = (value: string, { trust }: { readonly trust: Trust }) => {
    if (trusts.includes(trust)) texts.push(value);
    return value;
  };
  mapTexts(format, request, { text, unknown: () => undefined });
  return texts;
}
