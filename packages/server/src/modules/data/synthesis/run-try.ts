import type { Item, SynthesisInput } from "@treadle/contract";
import type { AppError } from "../../../kernel/errors.ts";
import { contentKey } from "../curation/index.ts";
import type { Ask, BudgetStop, NotAnswered } from "./model-calls/ask-model.ts";
import { judgeItem } from "./model-calls/judge.ts";
import type { Lost, Made, Recipe, Try } from "./recipes/recipe.ts";

/** Something that was made, with why it is not kept if it is not. */
export type Outcome = {
  readonly draft: ItemDraft;
  readonly fills: string | null;
  readonly of: readonly string[];
  readonly loss: Lost["loss"] | null;
  readonly score: number | null;
  readonly reason: string;
  readonly text: string;
};
export type ItemDraft = Omit<Item, "itemId">;
export type TryResult = {
  readonly outcomes: readonly Outcome[];
  readonly lost: readonly Lost[];
  readonly stop: BudgetStop | null;
  readonly failure: AppError | null;
};

type Deps = {
  readonly ask: Ask;
  readonly input: SynthesisInput;
  readonly recipe: Recipe;
  readonly jobId: string | null;
  /** The violation of the dataset's schema by an item. Null if there is none. */
  readonly check: (item: Item) => { pointer: string; message: string } | null;
  /** For existing items. New items are added. */
  readonly keys: Set<string>;
};

/** What makes two items duplicates here. */
export const keyOf = (item: Pick<Item, "inputs" | "expected">, { distinct }: Pick<Recipe, "distinct">): string =>
  contentKey(
    { itemId: "", metadata: {}, source: { kind: "synthetic" }, split: null, ...item },
    {
      of: distinct,
      ignoreCase: true,
    },
  );

/** Runs tries of a recipe, and holds what they make against the schema, what is there and the judge. */
export function createTry({ ask, input, recipe, jobId, check, keys }: Deps) {
  async function weigh(made: Made): Promise<Outcome | { halt: NotAnswered }> {
    const outcome = begin(made);
    const lose = (loss: Lost["loss"], text: string): Outcome => ({ ...outcome, loss, text });
    const problem = check({ itemId: "it_new", ...outcome.draft });
    if (problem) return lose("misshapen", `${problem.pointer}: ${problem.message}`);
    if (made.fills === null) {
      const key = keyOf(made, recipe);
      if (keys.has(key)) return lose("duplicate", JSON.stringify(made.inputs));
      keys.add(key);
    }
    if (input.judge === null || recipe.id === "preferences") return outcome;
    const judged = await judgeItem(ask, input.judge, made);
    if (judged.kind === "stopped" || judged.kind === "failed") return { halt: judged };
    if (judged.kind === "unreadable") return lose("judge-unreadable", judged.text);
    const { score, reason } = judged;
    const isKept = score >= input.judge.threshold;
    return {
      ...outcome,
      score,
      reason,
      draft: withScore(outcome.draft, score),
      ...(!isKept && { loss: "below-threshold" as const, text: `${score}: ${reason} ${JSON.stringify(made.inputs)}` }),
    };
  }

  function begin({ inputs, expected, of, fills, reason = "" }: Made): Outcome {
    const synthetic = {
      recipe: input.recipe,
      of,
      ...(input.judge && { judge: input.judge.model }),
      ...(input.licence && { licence: input.licence }),
    };
    const source = { kind: "synthetic" as const, model: input.model, ...(jobId && { jobId }) };
    const draft = { inputs, expected, metadata: { synthetic }, source, split: null };
    return { draft, fills, of, loss: null, score: null, reason, text: "" };
  }

  return async function runTry(one: Pick<Try, "seeds" | "number" | "wanted" | "isOwnDraft">): Promise<TryResult> {
    const trial = await recipe.run({ ...one, ask, input });
    const weighed = await Promise.all(trial.made.map(weigh));
    const halts = [trial.halt, ...weighed.map((each) => ("halt" in each ? each.halt : undefined))].filter(
      (halt) => halt !== undefined,
    );
    const outcomes = weighed.flatMap((each) => ("halt" in each ? [] : [each]));
    const failures = halts.flatMap((halt) => (halt.kind === "failed" ? [halt.error] : []));
    const lost = outcomes.flatMap(({ loss, text }) => (loss ? [{ loss, text }] : []));
    const failed = failures.map(({ message }) => ({ loss: "call-failed" as const, text: message }));
    return {
      outcomes,
      lost: [...trial.lost, ...lost, ...failed],
      stop: halts.find((halt) => halt.kind === "stopped")?.stop ?? null,
      failure: failures[0] ?? null,
    };
  };
}

function withScore(draft: ItemDraft, score: number): ItemDraft {
  const { synthetic } = draft.metadata;
  return { ...draft, metadata: { ...draft.metadata, synthetic: { ...Object(synthetic), score } } };
}
