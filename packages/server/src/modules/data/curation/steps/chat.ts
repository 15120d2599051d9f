import { z } from "zod";
import { messagesOf } from "../items/messages.ts";
import { CHAT_CHECKS, findBroken, NAMES_OF_CHECKS } from "../rules/conversation.ts";
import { Action, act, nothing } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

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
    "Checks the turns of a conversation with its expected answer: empty and repeated turns, order of roles, tool calls without results, echoes, leaked templates, refusals and unfinished answers. Items without a conversation are kept.",
  group: "quality",
  params: Params,
  presets: [
    { presetId: "structure", label: "Unusable for training", params: {} },
    { presetId: "strict", label: "Also refusals and unfinished answers", params: { checks: [...NAMES_OF_CHECKS] } },
  ],
  judge: ({ checks, action }) => {
    const wanted = NAMES_OF_CHECKS.filter((name) => checks.includes(name));
    return (item) => {
      const messages = messagesOf(item);
      if (!messages) return nothing();
      const broken = findBroken(messages, wanted);
      if (!broken) return nothing({ turns: messages.length });
      const finding = { rule: broken, reason: CHAT_CHECKS[broken], value: null, threshold: null };
      return act(item, finding, { action, flags: [`chat:${broken}`], measures: { turns: messages.length } });
    };
  },
});
