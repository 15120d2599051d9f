import { readObjects } from "../../../../kernel/read-json.ts";
import { fitItem } from "../model-calls/fit-item.ts";
import { halted, isShort, lostTo, type Recipe, showSeed } from "./recipe.ts";

/** Ways to rewrite, one after the other: in depth, and one in breadth. */
const WAYS = [
  "Add one more condition or requirement to what is asked.",
  "Make what is asked more specific: replace general ideas by concrete ones.",
  "Make it need more steps of thought to be answered.",
  "Ask the same in other words, as another person would: another tone, another order, another length.",
  "Ask about something rarer in the same field, about as long and as hard.",
] as const;

/** Seeds rewritten, each time in another way (Evol-Instruct, https://arxiv.org/abs/2304.12244). */
export const evolve: Recipe = {
  id: "evolve",
  words: "items rewritten to be harder, deeper or different",
  seeds: 1,
  perTry: 1,
  isOncePerSeed: false,
  needsSeeds: true,
  distinct: "prompt",
  takes: isShort,
  async run({ ask, input, seeds, number }) {
    const [seed] = seeds;
    if (!seed) return { made: [], lost: [] };
    const system = [
      "You rewrite an item of a dataset that trains and tests language models. The new item has the same fields; it can be understood and answered by itself, and it never mentions the old one.",
      WAYS[number % WAYS.length],
      seed.expected === null ? "" : "Write the expected answer anew, so that it is right for the new item.",
      input.instructions,
      "Reply with the new item as JSON only.",
    ];
    const asked = await ask({
      model: input.model,
      temperature: input.temperature,
      schema: { type: "object" },
      messages: [
        { role: "system", content: system.filter(Boolean).join("\n") },
        { role: "user", content: showSeed(seed) },
      ],
    });
    if (asked.kind !== "answer") return halted(asked);
    const [raw] = readObjects(asked.text);
    if (raw === undefined) return lostTo("unreadable", asked.text);
    const content = fitItem(raw, seed);
    if (!content) return lostTo("misshapen", asked.text);
    return { made: [{ ...content, of: [seed.itemId], fills: null }], lost: [] };
  },
};
