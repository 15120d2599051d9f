import { createHash } from "node:crypto";
import { ChatRequest, type ExperimentBudget, type PromptContent } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { JobRun } from "../../../../platform/jobs/port.ts";
import {
  type Answer,
  type AnsweringRun,
  answerItem,
  createBudget,
  createThrottle,
  type KeyedScorer,
  runPool,
  storableText,
  textOf,
} from "../../experiments/index.ts";
import { type EvaluatorItem, type Outcome, OutOfBudget, type Rewrite, type Rewritten } from "../search/evaluator.ts";
import { contentOf, type Example, isPlain, keyOf, type Program } from "../search/program.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import { createAnswerStore, type OptimisationRow } from "../stores/store.ts";
import { createKeeping, tallied } from "./keep-answers.ts";
import { readReflection, writeReflection } from "./write-reflection.ts";

type Options = {
  readonly run: JobRun<unknown, object>;
  readonly row: OptimisationRow;
  readonly keyed: readonly KeyedScorer[];
};

const MOST_FEEDBACK = 8_000;

/** Calls models within a budget and stores every answer. Answers from before a restart are reused. */
export function createAsking(deps: OptimisationDeps, { run, row, keyed }: Options) {
  const { db, complete, clock } = deps;
  const { scope, signal } = run;
  const { reflectionModel, concurrency: width } = row.input;
  const throttle = createThrottle({ most: width, clock });
  let budget = createBudget(row.input.budget, row.spent);
  const keeping = createKeeping({ db, run, row });
  const requests = createRequesting(deps, { run, row });

  /** In the order of the items. Throws `OutOfBudget`. */
  async function answer(program: Program, items: readonly EvaluatorItem[]): Promise<Outcome[]> {
    const key = keyOf(program);
    const ids = items.map(({ itemId }) => itemId);
    const known = new Map((await createAnswerStore(db).list(row.id, key, ids)).map((one) => [one.itemId, one]));
    const missing = items.filter(({ itemId }) => !known.has(itemId));
    const answering = { scope, complete, clock, throttle, findKept: null };
    const asked = { ...requests.runOf(contentOf(row.content, program)), keyed };
    let stop: ReturnType<typeof budget.reached> = null;
    await runPool<EvaluatorItem>({
      tasks: each(missing),
      width,
      signal,
      close: async () => undefined,
      async run(item, until) {
        stop ??= budget.reached();
        if (stop !== null) return false;
        const own = tallied(budget);
        budget.begin();
        try {
          const task = { run: asked, item: placed(item), repeat: 0 };
          const outcome = toOutcome(await answerItem({ ...answering, budget: own.budget }, task, until), row);
          known.set(item.itemId, outcome);
          await keeping.keep(own.used, (store) => store.add(row.id, key, outcome));
        } finally {
          budget.end();
        }
        return true;
      },
    });
    if (stop !== null) throw new OutOfBudget(stop);
    return ids.flatMap((itemId) => known.get(itemId) ?? []);
  }

  return {
    answer,
    exampleOf: requests.exampleOf,
    spent: keeping.spent,
    /** From now on so much may be spent altogether. */
    limit(caps: ExperimentBudget): void {
      budget = createBudget(caps, budget.spent());
    },
    /** `turn` distinguishes two rewrite requests with the same text. Throws `OutOfBudget`. */
    async rewrite(asked: Rewrite, turn: number): Promise<Rewritten> {
      const messages = writeReflection(asked);
      const request = createHash("sha256")
        .update(JSON.stringify([turn, messages]))
        .digest("base64url");
      const known = await createAnswerStore(db).findReflection(row.id, request);
      if (known !== undefined) return readReflection(known, asked);
      const stop = budget.reached();
      if (stop !== null) throw new OutOfBudget(stop);
      const headers = requests.headers;
      const { response, cost } = await throttle(reflectionModel, signal, () =>
        complete(scope, { model: reflectionModel, messages }, { signal, headers }),
      );
      const used = { calls: 1, tokens: cost.tokens, costUsd: cost.costUsd };
      budget.count(used);
      const answer = storableText(textOf(response.choices[0]?.message.content));
      await keeping.keep([used], (store) => store.addReflection(row.id, request, answer));
      return readReflection(answer, asked);
    },
  };
}
export type Asking = ReturnType<typeof createAsking>;

/** The requests for a prompt that is not stored. */
function createRequesting({ prompts }: OptimisationDeps, { run: { scope }, row }: Omit<Options, "keyed">) {
  const { model } = row.input;
  const headers = {
    "x-treadle-environment": "evaluation",
    "x-treadle-metadata": JSON.stringify({ optimisation: row.id }),
  };
  const fill = (content: PromptContent, { inputs }: Pick<EvaluatorItem, "inputs">) =>
    prompts.preview(scope, { content, inputs });
  return {
    headers,
    runOf: (content: PromptContent): Omit<AnsweringRun, "keyed"> => ({
      runId: row.id,
      variant: { name: row.name, model, prompt: null, messages: null, parameters: {} },
      async request(item) {
        const { messages, parameters, tools, responseFormat } = await fill(content, item);
        const read = ChatRequest.safeParse({
          ...parameters,
          messages,
          model,
          ...(tools.length > 0 && { tools }),
          ...(responseFormat !== null && { response_format: responseFormat }),
        });
        if (read.success) return read.data;
        const [issue] = read.error.issues;
        throw new AppError("unprocessable", {
          message: `The item and the prompt do not make a valid request: ${issue?.path.join(".")} ${issue?.message}.`,
          details: { param: issue?.path.join(".") },
          cause: read.error,
        });
      },
    }),
    /** The last question as the prompt at the start asks it; null for texts that a template would take for its own. */
    async exampleOf(item: EvaluatorItem, answer: string): Promise<Example | null> {
      const question = row.content.type === "text" ? listed(item.inputs) : await lastQuestion(item);
      if (question === null || !isPlain(question) || !isPlain(answer)) return null;
      return { itemId: item.itemId, question, answer: answer.trim() };
    },
  };

  async function lastQuestion(item: EvaluatorItem): Promise<string | null> {
    const { messages } = await fill(row.content, item);
    const text = textOf(messages.findLast(({ role }) => role === "user")?.content).trim();
    return text === "" ? null : text;
  }
}

const listed = (inputs: EvaluatorItem["inputs"]): string =>
  Object.entries(inputs)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");

/** The main score, turned so that more is better, and what all scorers say. */
function toOutcome({ result, scores }: Answer, { scorers }: OptimisationRow): Outcome {
  const [main] = scores;
  const sign = scorers[0]?.output.direction === "lower" ? -1 : 1;
  const value = main?.state === "scored" ? main.value : null;
  const scoreTexts = scores.map(({ scorer, state, value: score, label, reason }) => {
    const head = `${scorer}: ${state === "scored" ? (label ?? score) : `no score (${state})`}`;
    return reason === "" ? head : `${head}. ${reason}`;
  });
  const feedback = result.state === "ok" ? scoreTexts.join("\n") : `There is no answer: ${result.errorMessage}`;
  const { inputTokens, outputTokens, costUsd, latencyMs } = result;
  return {
    itemId: result.itemId,
    score: value === null ? null : sign * value,
    feedback: storableText(feedback.slice(0, MOST_FEEDBACK)),
    output: storableText(result.output),
    tokens: inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0),
    costUsd,
    latencyMs,
  };
}

/** As a run's items are: drawn from no set, since the search draws its own. */
const placed = (item: EvaluatorItem) => ({ ...item, itemSetId: "", position: 0, draw: 0, split: null });

async function* each<Value>(values: readonly Value[]): AsyncGenerator<Value, void, void> {
  yield* values;
}
