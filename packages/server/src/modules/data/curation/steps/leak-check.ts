import { SplitName } from "@treadle/contract";
import { z } from "zod";
import { Action, act } from "../step/actions.ts";
import { gently } from "../step/feed.ts";
import { kept, type Step, type StepContext, type Verdict } from "../step/step.ts";
import { findGroups, GroupParams } from "./group-params.ts";

const Params = z.strictObject({
  order: z
    .array(SplitName)
    .min(1)
    .max(20)
    .default(["train", "validation", "test"])
    .describe(
      "Splits in order of importance. Of items that belong together, the items in the last of these splits stay. Unnamed splits come first.",
    ),
  ...GroupParams,
  action: Action.default("drop"),
});
type Params = z.output<typeof Params>;

export const leakCheck: Step<typeof Params> = {
  id: "leak-check",
  label: "Leaks between splits",
  describe:
    "Finds items in one split that are the same or nearly the same as items in another split, or belong to the same group.",
  group: "leaks",
  params: Params,
  isSetWise: true,
  run: check,
};

type Guarded = { readonly place: number; readonly split: string; readonly itemId: string };

async function* check(context: StepContext, params: Params): AsyncGenerator<Verdict> {
  const groups = await findGroups(context, params);
  const placeOf = (name: string) => params.order.indexOf(name);
  const guarded = new Map<number, Guarded>();
  let row = 0;
  for await (const { split, itemId } of gently(context)) {
    const group = groups.find(row++);
    if (split !== null && placeOf(split) > (guarded.get(group)?.place ?? -2))
      guarded.set(group, { place: placeOf(split), split, itemId });
  }
  row = 0;
  for await (const item of gently(context)) {
    const stays = guarded.get(groups.find(row++));
    if (!stays || item.split === null || item.split === stays.split) yield kept(item);
    else {
      const rule = `${item.split}-${stays.split}`;
      const reason = `In ${item.split}, but belongs together with ${stays.itemId} in ${stays.split}`;
      const verdict = act(
        item,
        { rule, reason, value: null, threshold: null },
        { action: params.action, flags: [`leak:${rule}`] },
      );
      yield { ...verdict, item, related: { itemId: stays.itemId } };
    }
  }
}
