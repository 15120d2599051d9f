import { Section } from "../../components/page.tsx";
import { NumberField } from "./number-field.tsx";
import type { FormProps } from "./optimisation-draft.ts";

/** What the search may take, and what a prompt may cost to win. */
export function BudgetFields({ draft, change, problems }: FormProps) {
  return (
    <Section
      title="Budget"
      description="The search stops by itself at any of these, and enough is set aside for the final test."
    >
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <NumberField
          label="Answers of the search"
          help="Those of the final test come on top"
          value={draft.answers}
          error={problems["budget.answers"]}
          onChange={(answers) => change({ answers: answers ?? 0 })}
        />
        <NumberField
          label="US dollars"
          isOptional
          placeholder="no limit"
          help="Needs models whose price is known"
          value={draft.usd}
          error={problems["budget.usd"]}
          onChange={(usd) => change({ usd })}
        />
        <NumberField
          label="Tokens"
          help="Read and written, by answers, judges and rewrites"
          value={draft.tokens}
          error={problems["budget.tokens"]}
          onChange={(tokens) => change({ tokens: tokens ?? 0 })}
        />
        <NumberField
          label="Most tokens an answer"
          isOptional
          placeholder="any"
          help="No prompt wins that takes more than this many times the first one's"
          value={draft.maxTokensRatio}
          error={problems.maxTokensRatio}
          onChange={(maxTokensRatio) => change({ maxTokensRatio })}
        />
        <NumberField
          label="Answers under way at once"
          value={draft.concurrency}
          error={problems.concurrency}
          onChange={(concurrency) => change({ concurrency: concurrency ?? 0 })}
        />
        <NumberField
          label="Seed"
          help="The same seed draws the same"
          value={draft.drawSeed}
          error={problems.seed}
          onChange={(drawSeed) => change({ drawSeed: drawSeed ?? 0 })}
        />
      </div>
    </Section>
  );
}
