import { Section } from "../../../../components/layout/page.tsx";
import { NumberField } from "./number-field.tsx";
import type { FormProps } from "./optimisation-draft.ts";

/** The limits of the optimisation, and of the winning prompt. */
export function BudgetFields({ draft, change, problems }: FormProps) {
  return (
    <Section
      title="Budget"
      description="The optimisation stops at the first limit it reaches. Enough is reserved for the final test."
    >
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <NumberField
          label="Search answers"
          help="The answers of the final test are extra"
          value={draft.answers}
          error={problems["budget.answers"]}
          onChange={(answers) => change({ answers: answers ?? 0 })}
        />
        <NumberField
          label="Budget (USD)"
          isOptional
          placeholder="no limit"
          help="Works only for models with a known price"
          value={draft.usd}
          error={problems["budget.usd"]}
          onChange={(usd) => change({ usd })}
        />
        <NumberField
          label="Token budget"
          help="Input and output tokens of answers, judges and rewrites"
          value={draft.tokens}
          error={problems["budget.tokens"]}
          onChange={(tokens) => change({ tokens: tokens ?? 0 })}
        />
        <NumberField
          label="Token limit factor"
          isOptional
          placeholder="no limit"
          help="Rejects prompts that use more than this many times the tokens per answer of the first prompt"
          value={draft.maxTokensRatio}
          error={problems.maxTokensRatio}
          onChange={(maxTokensRatio) => change({ maxTokensRatio })}
        />
        <NumberField
          label="Concurrency"
          value={draft.concurrency}
          error={problems.concurrency}
          onChange={(concurrency) => change({ concurrency: concurrency ?? 0 })}
        />
        <NumberField
          label="Seed"
          help="The same seed selects the same items"
          value={draft.drawSeed}
          error={problems.seed}
          onChange={(drawSeed) => change({ drawSeed: drawSeed ?? 0 })}
        />
      </div>
    </Section>
  );
}
