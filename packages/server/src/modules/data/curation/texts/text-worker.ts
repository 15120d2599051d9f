import { answerOrders } from "../../../../platform/threads/port.ts";
import { ROW_STEPS } from "../steps/row-steps.ts";
import { loadTokenizer } from "./count-tokens.ts";
import { measureItem } from "./measure-item.ts";
import type { Orders } from "./orders.ts";

async function judge({ stepId, params, secret, items }: Orders["judge"]["order"]): Promise<Orders["judge"]["answer"]> {
  const step = ROW_STEPS.find(({ id }) => id === stepId);
  if (!step) throw new Error(`There is no row-wise step "${stepId}".`);
  const judgeItem = step.judge(step.params.parse(params), secret);
  const verdicts = [];
  for (const item of items) verdicts.push(await judgeItem(item));
  return verdicts;
}

async function count({ tokenizer, texts }: Orders["count"]["order"]): Promise<Orders["count"]["answer"]> {
  const countTokens = await loadTokenizer(tokenizer);
  return texts.map(countTokens);
}

async function measure({ items, tokenizers }: Orders["measure"]["order"]): Promise<Orders["measure"]["answer"]> {
  const counters = new Map(
    await Promise.all(tokenizers.map(async (name) => [name, await loadTokenizer(name)] as const)),
  );
  const facts = [];
  for (const item of items) facts.push(await measureItem(item, counters));
  return facts;
}

answerOrders<Orders>({ judge, count, measure });
