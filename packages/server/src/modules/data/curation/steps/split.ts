import { ItemPlace, SplitName } from "@treadle/contract";
import { z } from "zod";
import { gently } from "../step/feed.ts";
import { kept, type Step, type StepContext, type Verdict } from "../step/step.ts";
import { findGroups, GroupParams } from "./group-params.ts";
import { planSplits, type SplitChoice } from "./plan-splits.ts";

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
      .describe("The splits and their shares. When you split by time, the first splits get the oldest items.")
      .refine((splits) => Math.abs(sumOf(splits) - 1) < 1e-6, "the shares must add up to 1")
      .refine(
        (splits) => new Set(splits.map(({ split }) => split)).size === splits.length,
        "each split may appear only once",
      ),
    method: z
      .enum(["hash", "stratified", "time"])
      .default("hash")
      .describe(
        "`hash` assigns each group on its own, `stratified` gives each value of `field` the same shares, `time` cuts by the times in `field`.",
      ),
    field: ItemPlace.optional().describe("The field with the class or the time."),
    cuts: z
      .array(z.iso.datetime({ offset: true }))
      .max(19)
      .default([])
      .describe(
        "The times between the splits, one fewer than there are splits. Leave it empty to derive them from the shares.",
      ),
    salt: z.string().max(200).default("split").describe("Change the seed to get a different random split."),
    keepAssigned: z
      .boolean()
      .default(true)
      .describe("Items that already have a split keep it, so that a test set does not change."),
    ...GroupParams,
  })
  .refine(({ method, field }) => method === "hash" || field !== undefined, {
    message: "set the field with the class or the time",
    path: ["field"],
  })
  .refine(({ cuts, splits }) => cuts.length === 0 || cuts.length === splits.length - 1, {
    message: "set one cut fewer than there are splits",
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
    "Assigns items to splits. Items that belong together go into the same split. A hash decides, so existing items keep their split when you add new items.",
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
