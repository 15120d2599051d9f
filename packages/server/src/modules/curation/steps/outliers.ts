import type { Item } from "@treadle/contract";
import { z } from "zod";
import { embedItems } from "../embed-items.ts";
import { gently } from "../feed.ts";
import { textOf } from "../item-text.ts";
import { createRobustScore } from "../robust-score.ts";
import { openMachine } from "../sets/open-machine.ts";
import { Action, act, TextOf } from "./actions.ts";
import { kept, type Step, type StepContext, type Verdict } from "./step.ts";

const Params = z.strictObject({
  of: TextOf.default("all"),
  by: z
    .enum(["length", "meaning"])
    .default("length")
    .describe("`meaning` looks at how far a text lies from the topic it is nearest to, by its vector."),
  deviations: z
    .number()
    .min(1)
    .max(100)
    .default(3.5)
    .describe("How many robust standard deviations from the middle make an outlier."),
  topics: z.number().int().min(1).max(256).default(32).describe("How many topics there are at most, for the meaning."),
  action: Action.default("flag"),
});
type Params = z.output<typeof Params>;

export const outliers: Step<typeof Params> = {
  id: "outliers",
  label: "Outliers",
  describe: "Finds texts that are far longer or shorter than the others, or about something that no other is about.",
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
        what: "Unlike all others",
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
  const reason = `${what}: ${value} deviations from the middle`;
  return {
    ...act(item, { rule, reason, value, threshold: limit }, { action, flags: [`outlier:${rule}`], measures }),
    item,
  };
}
