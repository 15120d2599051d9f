import { LIVE_TARGETS, LiveRuleInput } from "@treadle/contract";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { formatCount, formatNumberOf } from "../../../components/text/format.ts";
import { findProblem } from "../../observe/filter/index.ts";
import { ScorerChoice } from "./scorer-choice.tsx";
import { type LiveRule, usePreview, useRuleChanges } from "./use-live-rules.ts";

const TARGET_WORDS = { generations: "Model responses", roots: "Root spans of traces" } as const;

/** Adds or edits a rule, with the number of spans that it would have scored in the last day. */
export function LiveForm({ rule, close }: { rule?: LiveRule; close: () => void }) {
  const { create, update } = useRuleChanges();
  const form = useFormState({
    schema: LiveRuleInput,
    initial: rule ? fieldsOf(rule) : { filter: "", samplingRate: 1, scorers: [], isEnabled: true },
  });
  const { name, filter = "", target = "generations", samplingRate = 1, scorers = [] } = form.values;
  const budget = { usd: null, tokens: null, ...form.values.budget };
  async function submit() {
    const isSaved = await form.submit((body) =>
      rule ? update.mutateAsync({ ruleId: rule.ruleId, body }) : create.mutateAsync(body),
    );
    if (!isSaved) return;
    toastDone(rule ? `Saved ${name}` : `${name} scores new spans`);
    close();
  }
  return (
    <Dialog title={rule ? `Edit ${rule.name}` : "New rule"} close={close}>
      <form
        aria-label="Rule"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
          {(field) => (
            <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Helpful in production" />
          )}
        </Field>
        <div className="grid grid-cols-[1fr_auto] gap-4 max-sm:grid-cols-1">
          <Field label="Spans to score" error={form.errors.target}>
            {(field) => (
              <Select
                {...field}
                value={target}
                onChange={({ target: { value } }) => form.set({ target: LIVE_TARGETS.find((one) => one === value) })}
              >
                {LIVE_TARGETS.map((one) => (
                  <option key={one} value={one}>
                    {TARGET_WORDS[one]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Trace sample (%)" error={form.errors.samplingRate} className="w-44">
            {(field) => (
              <NumberInput
                {...field}
                min={0.1}
                max={100}
                value={Number((samplingRate * 100).toPrecision(4))}
                onChange={({ target: { valueAsNumber } }) =>
                  form.set({ samplingRate: Math.min(1, Math.max(0.001, (valueAsNumber || 100) / 100)) })
                }
              />
            )}
          </Field>
        </div>
        <Field
          label="Filter"
          isOptional
          help={<Preview filter={filter} target={target} samplingRate={samplingRate} />}
          error={findProblem({ filter })?.message ?? form.errors.filter}
        >
          {(field) => (
            <TextInput
              {...field}
              value={filter}
              maxLength={2_000}
              placeholder="environment:production -status:error"
              onChange={({ target: { value } }) => form.set({ filter: value })}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <ScorerChoice
          chosen={scorers}
          names={rule?.scoreNames ?? []}
          error={form.errors.scorers}
          onChange={(next) => form.set({ scorers: [...next] })}
        />
        <Budget budget={budget} error={form.errors.budget} onChange={(next) => form.set({ budget: next })} />
        <Failure text={form.failure} />
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {rule ? "Save" : "Start scoring"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Preview(matching: Pick<LiveRule, "filter" | "target" | "samplingRate">) {
  const { data, error } = usePreview(matching);
  if (error) return <>The matching spans could not be counted.</>;
  if (!data) return <>Counting the spans of the last day…</>;
  return (
    <span className="num" aria-live="polite">
      {formatNumberOf(data.matching, "span")} matched in the last day
      {matching.samplingRate < 1 && <>, of which about {formatCount(data.sampled)} would have been scored</>}.
    </span>
  );
}

type BudgetValue = LiveRule["budget"];
type BudgetProps = { budget: BudgetValue; error: string | undefined; onChange: (next: BudgetValue) => void };

function Budget({ budget, error, onChange }: BudgetProps) {
  const numberOf = (value: number) => (Number.isNaN(value) ? null : Math.max(0, value));
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field
        label="Daily budget (USD)"
        isOptional
        help="Scoring stops for the day (UTC) when the budget is used up; later spans are skipped"
        error={error}
      >
        {(field) => (
          <NumberInput
            {...field}
            min={0}
            value={budget.usd ?? ""}
            onChange={({ target }) => onChange({ ...budget, usd: numberOf(target.valueAsNumber) })}
          />
        )}
      </Field>
      <Field label="Daily token budget" isOptional help="Limits models without a price">
        {(field) => (
          <NumberInput
            {...field}
            min={0}
            step={1}
            value={budget.tokens ?? ""}
            onChange={({ target }) => onChange({ ...budget, tokens: numberOf(Math.round(target.valueAsNumber)) })}
          />
        )}
      </Field>
    </div>
  );
}

const fieldsOf = ({ name, filter, target, samplingRate, scorers, budget, isEnabled }: LiveRule) => ({
  name,
  filter,
  target,
  samplingRate,
  budget,
  isEnabled,
  scorers: [...scorers],
});
