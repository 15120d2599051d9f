import type { Item } from "@treadle/contract";
import { z } from "zod";
import { textOf } from "../items/item-text.ts";
import { openMachine } from "../sets/open-machine.ts";
import { Action, act, TextOf } from "../step/actions.ts";
import { embedItems } from "../step/embed-items.ts";
import { gently } from "../step/feed.ts";
import { kept, type Step, type StepContext, type Verdict } from "../step/step.ts";
import { createRobustScore } from "./robust-score.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  by: z
    .enum(["length", "meaning"])
    .default("length")
    .describe("`meaning` measures the distance of a text from its nearest topic, by embeddings."),
  deviations: z
    .number()
    .min(1)
    .max(100)
    .default(3.5)
    .describe("How many robust standard deviations from the median make an outlier."),
  topics: z.number().int().min(1).max(256).default(32).describe("Maximum number of topics for `meaning`."),
  action: Action.default("flag"),
});
type Params = z.output<typeof Params>;

export const outliers: Step<typeof Params> = {
  id: "outliers",
  label: "Outliers",
  describe: "Finds texts that are much longer or shorter than the others, or about a topic that no other text has.",
  group: "quality",
  params: Params,
  isSetWise: true,
  run: (context, params) => (params.by === "length" ? byLength(context, params) : byMeaning(context, params)),
};

/** Lengths spread by factors, so their logarithms are compared. */
async function* byLength(context: StepContext, params: Params): AsyncGenerator<Verdict> {
  const logOf = (item: Item) => Math.log1p(textOf(item, params.of).length);
  const lengths = new Float64Array(context.rows);
  let row = 0;
  for await (const item of gently(context)) lengths[row++] = logOf(item);
  const score = createRobustScore(lengths.subarray(0, row));
  for await (const item of gently(context)) {
    const deviations = score(logOf(item));
    const way = deviations > 0 ? "longer" : "shorter";
    yield verdictOn(item, {
      ...params,
      deviations,
      limit: params.deviations,
      rule: way,
      what: `Far ${way} than the others`,
    });
  }
}

async function* byMeaning(context: StepContext, params: Params): AsyncGenerator<Verdict> {
  const { signal, tools } = context;
  const machine = openMachine("spread", { topics: params.topics }, signal);
  try {
    await embedItems(context, { of: params.of, embed: tools.embed, take: (vectors) => machine.call("add", vectors) });
    const distances = await machine.call("finish");
    const score = createRobustScore(distances);
    let row = 0;
    for await (const item of gently(context)) {
      // Only those that are too far from a topic stand out, not those in its very middle.
      const deviations = Math.max(0, score(distances[row++] ?? 0));
      yield verdictOn(item, {
        ...params,
        deviations,
        limit: params.deviations,
        rule: "off-topic",
        what: "Unlike all other items",
      });
    }
  } finally {
    await machine.close();
  }
}

type Measured = Pick<Params, "action"> & {
  readonly deviations: number;
  readonly limit: number;
  readonly rule: string;
  readonly what: string;
};

function verdictOn(item: Item, { deviations, limit, rule, what, action }: Measured): Verdict {
  const value = Math.round(Math.abs(deviations) * 100) / 100;
  const measures = { deviations: value };
  if (value <= limit) return kept(item, measures);
  const reason = `${what}: ${value} deviations from the median`;
  return {
    ...act(item, { rule, reason, value, threshold: limit }, { action, flags: [`outlier:${rule}`], measures }),
    item,
  };
}
