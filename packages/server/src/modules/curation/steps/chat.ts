import { z } from "zod";
import { messagesOf } from "../messages.ts";
import { CHAT_CHECKS, findBroken, NAMES_OF_CHECKS } from "../rules/conversation.ts";
import { Action, act, nothing } from "./actions.ts";
import { rowStep } from "./row-step.ts";

const Params = z.strictObject({
  checks: z
    .array(z.enum(NAMES_OF_CHECKS))
    .min(1)
    .default(NAMES_OF_CHECKS.filter((name) => name !== "refusal" && name !== "truncated"))
    .describe(NAMES_OF_CHECKS.map((name) => `${name}: ${CHAT_CHECKS[name]}`).join(". ")),
  action: Action.default("drop"),
});

export const chat = rowStep({
  id: "chat",
  label: "Broken conversations",
  describe:
    "Looks at the turns of a conversation with its expected answer: empty and repeated turns, order of roles, calls of tools without results, echoes, leaked templates, refusals, answers that break off. Items that are no conversation are kept.",
  group: "quality",
  params: Params,
  presets: [
    { id: "structure", label: "What cannot be trained on", params: {} },
    { id: "strict", label: "Refusals and broken answers too", params: { checks: [...NAMES_OF_CHECKS] } },
  ],
  judge: ({ checks, action }) => {
    const wanted = NAMES_OF_CHECKS.filter((name) => checks.includes(name));
    return (item) => {
      const messages = messagesOf(item);
      if (!messages) return nothing();
      const broken = findBroken(messages, wanted);
      if (!broken) return nothing({ turns: messages.length });
      const found = { rule: broken, reason: CHAT_CHECKS[broken], value: null, threshold: null };
      return act(item, found, { action, flags: [`chat:${broken}`], measures: { turns: messages.length } });
    };
  },
});
