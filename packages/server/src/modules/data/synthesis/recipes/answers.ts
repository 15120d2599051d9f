import { answerFor, askItem } from "./ask-item.ts";
import { halted, lostTo, type Recipe } from "./recipe.ts";

/** Expected answers for inputs: of the draft's own items those that lack one, of another dataset all. */
export const answers: Recipe = {
  id: "answers",
  words: "answers to inputs without one",
  seeds: 1,
  perTry: 1,
  isOncePerSeed: true,
  needsSeeds: true,
  distinct: "all",
  takes: ({ expected }, isOwnDraft) => expected === null || !isOwnDraft,
  async run(one) {
    const [seed] = one.seeds;
    if (!seed) return { made: [], lost: [] };
    const asked = await askItem(one, seed, one.input.temperature);
    if (asked.kind !== "answer") return halted(asked);
    if (asked.text.trim() === "" && asked.toolCalls.length === 0) return lostTo("unreadable", "The answer was empty.");
    const fills = one.isOwnDraft ? seed.itemId : null;
    return { made: [{ inputs: seed.inputs, expected: answerFor(seed, asked), of: [seed.itemId], fills }], lost: [] };
  },
};
