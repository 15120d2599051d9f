import { parentPort } from "node:worker_threads";
import { ROW_STEPS } from "../steps/row-steps.ts";
import { loadTokenizer } from "./count-tokens.ts";
import { measureItem } from "./measure-item.ts";
import type { Orders, Question, Reply } from "./orders.ts";

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

function answer(question: Question) {
  switch (question.name) {
    case "judge":
      return judge(question.order);
    case "count":
      return count(question.order);
    case "measure":
      return measure(question.order);
    default:
      return question satisfies never;
  }
}

parentPort?.on("message", (question: Question) => {
  const { id } = question;
  Promise.resolve(answer(question)).then(
    (given) => parentPort?.postMessage({ id, answer: given } satisfies Reply),
    (error: unknown) =>
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply),
  );
});
