import { isPair } from "../model-calls/fit-item.ts";
import { judgePair } from "../model-calls/judge.ts";
import { askItem } from "./ask-item.ts";
import { halted, lostTo, type Recipe } from "./recipe.ts";

/** So much at least do two samples differ. */
const LEAST_TEMPERATURE = 0.7;

/** Two answers to the same inputs, and which of them a judge finds better: pairs for preference training. */
export const preferences: Recipe = {
  id: "preferences",
  words: "pairs of a better and a worse answer",
  seeds: 1,
  perTry: 1,
  isOncePerSeed: true,
  needsSeeds: true,
  distinct: "all",
  takes: ({ expected }) => !isPair(expected),
  async run(one) {
    const { ask, input, isOwnDraft } = one;
    const [seed] = one.seeds;
    if (!seed || input.judge === null) return { made: [], lost: [] };
    const temperature = Math.max(LEAST_TEMPERATURE, input.temperature);
    const [first, second] = await Promise.all([askItem(one, seed, temperature), askItem(one, seed, temperature)]);
    if (first.kind !== "answer") return halted(first);
    if (second.kind !== "answer") return halted(second);
    const [text, other] = [first.text.trim(), second.text.trim()];
    if (text === "" || other === "") return lostTo("unreadable", "An answer was empty.");
    if (text === other) return lostTo("undecided", `Both answers are the same: ${text}`);
    const judged = await judgePair(ask, input.judge, { inputs: seed.inputs, first: text, second: other });
    if (judged.kind === "stopped" || judged.kind === "failed") return halted(judged);
    if (judged.kind === "unreadable") return lostTo("judge-unreadable", judged.text);
    if (judged.better === null) return lostTo("undecided", "The judge chose by the order of the answers.");
    const [chosen, rejected] = judged.better === "first" ? [text, other] : [other, text];
    const expected = { chosen: [assistantMessage(chosen)], rejected: [assistantMessage(rejected)] };
    const fills = isOwnDraft && seed.expected === null ? seed.itemId : null;
    return { made: [{ inputs: seed.inputs, expected, of: [seed.itemId], fills, reason: judged.reason }], lost: [] };
  },
};

const assistantMessage = (content: string) => ({ role: "assistant", content });
