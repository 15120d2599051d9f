import { Section } from "../../components/page.tsx";
import { NumberField } from "./number-field.tsx";
import type { FormProps } from "./optimisation-draft.ts";

const PARTS = [
  ["feedback", "Feedback", "Read to make prompts from: answers, scores and reasons"],
  ["selection", "Selection", "Answered by every prompt that is kept; the best is chosen by them"],
  ["test", "Test", "Untouched: only the first prompt and the best one answer them"],
] as const;

/** How many items each third may have at most. */
export function PartsFields({ draft, change, problems }: FormProps) {
  return (
    <Section
      title="Three thirds"
      description="Items are parted by a hash of their inputs, so that each stays in its third and the same question is never in two. So many at most are taken of each."
    >
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        {PARTS.map(([part, label, help]) => (
          <NumberField
            key={part}
            label={label}
            help={help}
            value={draft[part]}
            error={problems[`parts.${part}`] ?? problems.parts}
            onChange={(value) => change({ [part]: value ?? 0 })}
          />
        ))}
      </div>
    </Section>
  );
}
