import { ItemPlace, SplitName } from "@treadle/contract";
import { z } from "zod";
import { gently } from "../feed.ts";
import { planSplits, type SplitChoice } from "../plan-splits.ts";
import { findGroups, GroupParams } from "./group-params.ts";
import { kept, type Step, type StepContext, type Verdict } from "./step.ts";

const Share = z.strictObject({ split: SplitName, share: z.number().gt(0).max(1) });
type Share = z.output<typeof Share>;
const DEFAULTS = [
  { split: "train", share: 0.8 },
  { split: "validation", share: 0.1 },
  { split: "test", share: 0.1 },
];
const sumOf = (splits: readonly Share[]) => splits.reduce((sum, { share }) => sum + share, 0);

const Params = z
  .strictObject({
    splits: z
      .array(Share)
      .min(1)
      .max(20)
      .default(DEFAULTS)
      .describe("By time the first ones are the oldest.")
      .refine((splits) => Math.abs(sumOf(splits) - 1) < 1e-6, "the shares must add up to 1")
      .refine((splits) => new Set(splits.map(({ split }) => split)).size === splits.length, "each split is named once"),
    method: z
      .enum(["hash", "stratified", "time"])
      .default("hash")
      .describe(
        "`hash` draws for each group alone, `stratified` gives each value of `field` the same shares, `time` cuts at times in `field`.",
      ),
    field: ItemPlace.optional().describe("Where the class or the time stands."),
    cuts: z
      .array(z.iso.datetime({ offset: true }))
      .max(19)
      .default([])
      .describe("The times between splits, one fewer than splits; without them the shares say where they lie."),
    salt: z.string().max(200).default("split").describe("Another one gives another draw."),
    keepAssigned: z
      .boolean()
      .default(true)
      .describe("Items that are in a split stay there, so that a test set stays what it is."),
    ...GroupParams,
  })
  .refine(({ method, field }) => method === "hash" || field !== undefined, {
    message: "name the field with the class or the time",
    path: ["field"],
  })
  .refine(({ cuts, splits }) => cuts.length === 0 || cuts.length === splits.length - 1, {
    message: "give one cut fewer than splits",
    path: ["cuts"],
  })
  .refine(
    ({ cuts }) => cuts.every((cut, place) => place === 0 || Date.parse(cut) > Date.parse(cuts[place - 1] ?? "")),
    {
      message: "the cuts must be ascending",
      path: ["cuts"],
    },
  );
type Params = z.output<typeof Params>;

export const split: Step<typeof Params> = {
  id: "split",
  label: "Splits",
  describe:
    "Puts items into splits: those that belong together into the same one, by a hash that gives the same answer after more items have come.",
  group: "splits",
  params: Params,
  isSetWise: true,
  run: assign,
};

async function* assign(context: StepContext, params: Params): AsyncGenerator<Verdict> {
  const groups = await findGroups(context, params);
  const { names, splits } = await planSplits(context, groups, choiceOf(params));
  let row = 0;
  for await (const item of gently(context)) {
    const name = names[splits[row++] ?? 0] ?? null;
    if (name === item.split) yield kept(item);
    else
      yield {
        ...kept(item),
        rule: name ?? "none",
        reason: item.split === null ? `Into ${name}` : `From ${item.split} into ${name}`,
        edited: { ...item, split: name },
      };
  }
}

function choiceOf({ splits, salt, groupBy, keepAssigned, method, field, cuts }: Params): SplitChoice {
  const common = { splits, salt, groupBy, keepAssigned };
  if (method === "hash" || field === undefined) return { ...common, method: "hash" };
  return method === "time" ? { ...common, method, field, cuts } : { ...common, method, field };
}
