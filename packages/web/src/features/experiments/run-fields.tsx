import { Checkbox, Field, NumberInput, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import type { FormProps } from "./experiment-draft.ts";

/** How often, how fast, how dear, and when to stop. */
export function RunFields({ draft, change, problems }: FormProps) {
  return (
    <Section title="Limits" description="It stops by itself at the budget; what was answered until then stays.">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <Field label="Answers to each item" error={problems.repeats} help="More tell how much one varies by itself">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={50}
              value={draft.repeats || ""}
              onChange={({ target }) => change({ repeats: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Budget in US dollars" isOptional error={problems.budget} help="Needs models whose price is known">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              value={draft.usd ?? ""}
              onChange={({ target }) => change({ usd: target.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="Budget in tokens" help="Read and written, by answers and judges">
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              value={draft.tokens || ""}
              onChange={({ target }) => change({ tokens: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field
          label="Stop at a precision of"
          isOptional
          error={problems.stop}
          help="Ends early once the main score of every variant is known to ± so much"
        >
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              placeholder="never early"
              value={draft.precision ?? ""}
              onChange={({ target }) => change({ precision: target.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="Answers under way at once" error={problems.concurrency}>
          {(field) => (
            <NumberInput
              {...field}
              min={1}
              max={64}
              value={draft.concurrency || ""}
              onChange={({ target }) => change({ concurrency: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Suite" isOptional error={problems.suite} help="Runs of one suite are each other's history">
          {(field) => (
            <TextInput {...field} value={draft.suite} onChange={({ target }) => change({ suite: target.value })} />
          )}
        </Field>
        <Field label="Tags" isOptional error={problems.tags} help="Separate with commas">
          {(field) => (
            <TextInput {...field} value={draft.tags} onChange={({ target }) => change({ tags: target.value })} />
          )}
        </Field>
        <div className="pt-6">
          <Checkbox
            label="Take earlier answers to the same request"
            checked={draft.cache}
            onChange={({ target }) => change({ cache: target.checked })}
          />
          <p className="pl-6 text-xs text-muted">Repeats are always asked for anew.</p>
        </div>
      </div>
    </Section>
  );
}
