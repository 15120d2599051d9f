import { readObjects } from "../../../../kernel/read-json.ts";
import { type Content, fitItem } from "../model-calls/fit-item.ts";
import { halted, isShort, type Lost, lostTo, type Made, type Recipe, showSeed } from "./recipe.ts";

const PER_TRY = 5;
const ITEMS_SCHEMA = {
  type: "object",
  properties: { items: { type: "array", minItems: 1, maxItems: PER_TRY, items: { type: "object" } } },
  required: ["items"],
};
const PLAIN = '{"inputs": {"question": "…"}, "expected": "…"}';

/** New items like the seeds, a few in each call (self-instruct, https://arxiv.org/abs/2212.10560). */
export const questions: Recipe = {
  id: "questions",
  words: "new items like the existing items",
  seeds: 3,
  perTry: PER_TRY,
  isOncePerSeed: false,
  needsSeeds: false,
  distinct: "prompt",
  takes: isShort,
  async run({ ask, input, seeds, wanted }) {
    const many = Math.min(PER_TRY, wanted);
    const system = [
      `You write items for a dataset that trains and tests language models. Write ${many} new ${many === 1 ? "item" : "items"}.`,
      seeds.length > 0
        ? "They are of the same kind and have the same fields as the examples, and differ from the examples and from each other in what they are about, in wording and in length."
        : `Each looks like ${PLAIN}. They differ from each other.`,
      input.instructions,
      'Reply with JSON only: {"items": [ … ]}.',
    ];
    const examples = seeds.map((seed, place) => `Example ${place + 1}:\n${showSeed(seed)}`);
    const asked = await ask({
      model: input.model,
      temperature: input.temperature,
      schema: ITEMS_SCHEMA,
      messages: [
        { role: "system", content: system.filter(Boolean).join("\n") },
        { role: "user", content: [...examples, `Write ${many} new.`].join("\n\n") },
      ],
    });
    if (asked.kind !== "answer") return halted(asked);
    const raws = readObjects(asked.text).slice(0, many);
    if (raws.length === 0) return lostTo("unreadable", asked.text);
    const made: Made[] = [];
    const lost: Lost[] = [];
    for (const raw of raws) {
      const content = fitAny(raw, seeds);
      if (content) made.push({ ...content, of: seeds.map(({ itemId }) => itemId), fills: null });
      else lost.push({ loss: "misshapen", text: JSON.stringify(raw) });
    }
    return { made, lost };
  },
};

/** Seeds may differ in shape: the first that it fits. */
function fitAny(raw: unknown, seeds: readonly Content[]): Content | null {
  if (seeds.length === 0) return fitItem(raw);
  for (const seed of seeds) {
    const content = fitItem(raw, seed);
    if (content) return content;
  }
  return null;
}
