import { TOKENIZERS } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import type { EvaluationSet, StepTools } from "../step/step.ts";
import type { Tokenizer } from "../texts/count-tokens.ts";
import type { TextThread } from "../texts/text-thread.ts";

type Deps = {
  readonly thread: TextThread;
  readonly inference: Pick<Inference, "embed" | "countTokens">;
  /** The embedding model that ships with the program, so that no text leaves it. */
  readonly embeddingModelId: string;
  readonly evaluationSets: (scope: Scope, datasetId: string) => Promise<readonly EvaluationSet[]>;
};
type Use = { readonly scope: Scope; readonly datasetId: string; readonly signal: AbortSignal };

/** Questions to the local engine at a time; it queues more anyway. */
const AT_ONCE = 8;

const isTokenizer = (name: string): name is Tokenizer => TOKENIZERS.some((known) => known === name);

/** The services for steps, for one run over a dataset. */
export function createStepTools({ thread, inference, embeddingModelId, evaluationSets }: Deps) {
  /** A local model's own tokenizer. Throws `not_found` for a model that is not there. */
  async function countLocally(texts: readonly string[], modelId: string): Promise<number[]> {
    const counts: number[] = [];
    for (let from = 0; from < texts.length; from += AT_ONCE)
      counts.push(
        ...(await Promise.all(
          texts
            .slice(from, from + AT_ONCE)
            .map((text) => (text === "" ? 0 : inference.countTokens({ modelId, prompt: { text } }))),
        )),
      );
    return counts;
  }

  return ({ scope, datasetId, signal }: Use): StepTools => ({
    judge: (order) => thread.ask("judge", order),
    countTokens: (texts, tokenizer) =>
      isTokenizer(tokenizer)
        ? thread.ask("count", { tokenizer, texts })
        : countLocally(texts, tokenizer.replace(/^local:/, "")),
    async embed(texts) {
      const { vectors } = await inference.embed({ modelId: embeddingModelId, texts, caller: scope.projectId }, signal);
      return vectors;
    },
    evaluationSets: () => evaluationSets(scope, datasetId),
  });
}
export type ToolsFor = ReturnType<typeof createStepTools>;
