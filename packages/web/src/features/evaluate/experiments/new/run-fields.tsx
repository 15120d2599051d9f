import { Checkbox, Field, NumberInput, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { DEFAULT_OUTAGE_MINUTES, type FormProps } from "./experiment-draft.ts";

/** Repeats, concurrency, budget and stopping rules. */
export function RunFields({ draft, change, problems }: FormProps) {
  return (
    <Section title="Limits" description="The experiment stops when the budget is used up. Finished answers are stored.">
      <div className="grid grid-cols-3 gap-4 px-4 pb-4 max-md:grid-cols-1">
        <Field
          label="Answers per item"
          error={problems.repeats}
          help="Use more than one to measure how much the answers vary"
        >
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
        <Field label="Budget (USD)" isOptional error={problems.budget} help="Works only for models with a known price">
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              value={draft.usd ?? ""}
              onChange={({ target }) => change({ usd: target.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="Token budget" help="Input and output tokens of answers and judges">
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
          label="Target precision"
          isOptional
          error={problems.stop}
          help="Stops early when the main score of every variant has an interval of ± this value"
        >
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              placeholder="off"
              value={draft.precision ?? ""}
              onChange={({ target }) => change({ precision: target.valueAsNumber || null })}
            />
          )}
        </Field>
        <Field label="Concurrency" error={problems.concurrency}>
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
        <Field
          label="Outage limit (minutes)"
          error={problems.maxOutageSeconds}
          help="How long to wait for an unavailable provider before the experiment stops"
        >
          {(field) => (
            <NumberInput
              {...field}
              min={0}
              max={1_440}
              value={draft.outageMinutes ?? DEFAULT_OUTAGE_MINUTES}
              onChange={({ target }) => change({ outageMinutes: target.valueAsNumber || 0 })}
            />
          )}
        </Field>
        <Field label="Suite" isOptional error={problems.suite} help="Groups runs to show their history">
          {(field) => (
            <TextInput {...field} value={draft.suite} onChange={({ target }) => change({ suite: target.value })} />
          )}
        </Field>
        <Field label="Tags" isOptional error={problems.tags} help="Separate tags with commas">
          {(field) => (
            <TextInput {...field} value={draft.tags} onChange={({ target }) => change({ tags: target.value })} />
          )}
        </Field>
        <div className="pt-6">
          <Checkbox
            label="Reuse cached answers"
            checked={draft.cache}
            onChange={({ target }) => change({ cache: target.checked })}
          />
          <p className="pl-6 text-xs text-muted">
            Uses earlier answers to the same request. Repeats are always new requests.
          </p>
        </div>
      </div>
    </Section>
  );
}
