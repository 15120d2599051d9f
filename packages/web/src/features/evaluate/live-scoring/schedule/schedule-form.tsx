import { LiveScheduleInput } from "@treadle/contract";
import type { FormEvent } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { formatExactTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { LiveRule } from "../use-live-rules.ts";
import { type Schedule, useSchedule } from "./use-schedule.ts";
import { utcTime } from "./utc-time.ts";

const INTERVALS = { day: "Every day", week: "Every week" } as const;
const TRACES = { all: "All matching traces", unscored: "Traces without a score" } as const;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const useScheduleForm = ({ ruleId: _, nextRunAt: __, lastError: ___, ...initial }: Schedule) =>
  useFormState({ schema: LiveScheduleInput, initial });
type FormProps = { form: ReturnType<typeof useScheduleForm> };

type RuleProps = { rule: LiveRule; schedule: Schedule };

/** Sets when a rule's traffic is evaluated, and shows the next run and what is wrong. */
export function ScheduleForm({ rule, schedule }: RuleProps) {
  const canWrite = useProject().can("scorers:write");
  const form = useScheduleForm(schedule);
  const submit = useSubmit(rule, form);
  return (
    <form aria-label="Schedule" onSubmit={submit}>
      <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-4 text-base">
        <Checkbox
          label="Run on a schedule"
          checked={form.values.isEnabled ?? false}
          onChange={({ target }) =>
            form.set({ isEnabled: target.checked, ...(!target.checked && validSize(form, schedule)) })
          }
        />
        {form.values.isEnabled && <Fields form={form} rule={rule} />}
        <Failure text={form.failure} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {canWrite && (
            <Button type="submit" kind="primary" isBusy={form.isBusy}>
              Save
            </Button>
          )}
          <NextRun rule={rule} schedule={schedule} />
        </div>
      </fieldset>
    </form>
  );
}

/** The stored sample size instead of an invalid one, because a hidden field must not prevent saving. */
function validSize({ values: { sampleSize } }: FormProps["form"], schedule: Schedule) {
  const isValid = LiveScheduleInput.shape.sampleSize.safeParse(sampleSize ?? null).success;
  return isValid ? {} : { sampleSize: schedule.sampleSize };
}

function useSubmit({ ruleId, name }: LiveRule, form: FormProps["form"]) {
  const { save } = useSchedule(ruleId);
  const { isEnabled } = form.values;
  return async (event: FormEvent) => {
    event.preventDefault();
    if (await form.submit((body) => save.mutateAsync(body)))
      toastDone(isEnabled ? `Scheduled runs of ${name}` : `Stopped the scheduled runs of ${name}`);
  };
}

const Fields = ({ form, rule }: FormProps & { rule: LiveRule }) => (
  <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
    <TimeFields form={form} />
    <Field
      label="Sample size"
      help="Traces per run. More traces give a narrower interval"
      error={form.errors.sampleSize && "Enter a number from 10 to 1,000."}
    >
      {(field) => <NumberInput {...field} {...form.number("sampleSize")} step={1} required />}
    </Field>
    <Options
      label="Traces"
      help={rule.samplingRate >= 1 ? "The rule scores all of them" : "A sample of all traces is comparable over time"}
      value={form.values.traces ?? "all"}
      options={Object.entries(TRACES).filter(([name]) => name === form.values.traces || canChoose(name, rule))}
      onChange={(value) => form.set({ traces: value === "unscored" ? "unscored" : "all" })}
    />
  </div>
);

const canChoose = (traces: string, { samplingRate }: LiveRule) => traces === "all" || samplingRate < 1;

const TimeFields = ({ form }: FormProps) => (
  <>
    <Options
      label="Interval"
      value={form.values.every ?? "day"}
      options={Object.entries(INTERVALS)}
      onChange={(value) => form.set({ every: value === "week" ? "week" : "day" })}
    />
    {form.values.every === "week" && (
      <Options
        label="Weekday"
        value={String(form.values.weekday ?? 1)}
        options={WEEKDAYS.map((name, at) => [String(at + 1), name])}
        onChange={(value) => form.set({ weekday: Number(value) })}
      />
    )}
    <Options
      label="Hour (UTC)"
      help="Each run covers the period up to this hour"
      value={String(form.values.hour ?? 3)}
      options={HOURS.map((hour) => [String(hour), `${String(hour).padStart(2, "0")}:00`])}
      onChange={(value) => form.set({ hour: Number(value) })}
    />
  </>
);

type OptionsProps = {
  label: string;
  help?: string;
  value: string;
  options: readonly (readonly [value: string, word: string])[];
  onChange: (value: string) => void;
};

const Options = ({ label, help, value, options, onChange }: OptionsProps) => (
  <Field label={label} help={help}>
    {(field) => (
      <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(([name, word]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

function NextRun({ rule, schedule: { isEnabled, nextRunAt, lastError } }: RuleProps) {
  return (
    <div className="min-w-0 text-sm text-muted">
      {nextRunAt && (
        <p>
          Next run{" "}
          <time dateTime={nextRunAt} title={formatExactTime(nextRunAt)}>
            {utcTime(nextRunAt)}
          </time>
        </p>
      )}
      {isEnabled && !rule.isEnabled && <p>No runs while the rule is paused.</p>}
      {lastError && <p className="text-warn [overflow-wrap:anywhere]">{lastError}</p>}
    </div>
  );
}
