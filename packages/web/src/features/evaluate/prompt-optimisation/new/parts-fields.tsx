import { Section } from "../../../../components/layout/page.tsx";
import { NumberField } from "./number-field.tsx";
import type { FormProps } from "./optimisation-draft.ts";

const PARTS = [
  ["feedback", "Feedback", "Items to create prompts from, with their answers, scores and reasons"],
  ["selection", "Selection", "Items to choose the best prompt"],
  ["test", "Test", "Unseen items, answered only by the first and the best prompt"],
] as const;

/** The maximum number of items in each part. */
export function PartsFields({ draft, change, problems }: FormProps) {
  return (
    <Section
      title="Item limits"
      description="A hash of the inputs splits the items into three parts, so that equal questions stay in one part. Set the maximum number of items for each part."
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
