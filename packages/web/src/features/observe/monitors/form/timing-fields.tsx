import { NO_DATA_ACTIONS } from "@treadle/contract";
import { Field, Select } from "../../../../components/form/field.tsx";
import { DurationField } from "./duration-field.tsx";
import { NumberField } from "./number-field.tsx";
import type { MonitorForm } from "./use-monitor-form.ts";

const TIMES = {
  windowSeconds: ["Window", "The time range of one value."],
  everySeconds: ["Evaluate every", "More often finds problems earlier, and has more false alarms."],
  recoverAfterSeconds: ["Recover after", "How long a series must be good before its alarm ends."],
  reopenWithinSeconds: ["Reopen within", "A series that fires again within this time reopens its incident."],
} as const;

/** How often the monitor is evaluated, and when it fires and recovers. */
export function TimingFields({ form }: { form: MonitorForm }) {
  const { conditionKind } = form.draft;
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      {conditionKind !== "burn" && <TimeField form={form} name="windowSeconds" />}
      <TimeField form={form} name="everySeconds" />
      <HoldFields form={form} />
      <TimeField form={form} name="recoverAfterSeconds" />
      <TimeField form={form} name="reopenWithinSeconds" />
      <NoDataField form={form} />
    </div>
  );
}

function TimeField({ form, name }: { form: MonitorForm; name: keyof typeof TIMES }) {
  const [label, help] = TIMES[name];
  return (
    <DurationField
      key={form.version}
      label={label}
      help={help}
      error={form.errors[name]}
      seconds={form.draft[name]}
      onChange={(seconds) => form.set({ [name]: seconds })}
      onLeave={() => form.touch(name)}
    />
  );
}

const HoldFields = ({ form: { draft, errors, set, touch } }: { form: MonitorForm }) => (
  <fieldset className="flex flex-col gap-1">
    <legend className="sr-only">When a series fires</legend>
    <div className="grid grid-cols-2 gap-2">
      <NumberField
        label="Fires after"
        error={errors.needed}
        value={draft.needed}
        min={1}
        max={60}
        onChange={(needed) => set({ needed })}
        onLeave={() => touch("needed", "of")}
      />
      <NumberField
        label="of evaluations"
        error={errors.of}
        value={draft.of}
        min={1}
        max={60}
        onChange={(of) => set({ of })}
        onLeave={() => touch("needed", "of")}
      />
    </div>
    <p className="text-xs text-muted text-pretty">3 of 3 or 3 of 5 removes most false alarms.</p>
  </fieldset>
);

const NO_DATA: Readonly<Record<(typeof NO_DATA_ACTIONS)[number], string>> = {
  show: "Show the state",
  notify: "Notify",
  ok: "Count as OK",
  keep: "Keep the last state",
};

const NoDataField = ({ form: { draft, set } }: { form: MonitorForm }) => (
  <Field label="Without data" help="Notify also covers a series that disappears.">
    {(field) => (
      <Select
        {...field}
        value={draft.onNoData}
        onChange={({ target }) =>
          set({ onNoData: NO_DATA_ACTIONS.find((one) => one === target.value) ?? draft.onNoData })
        }
      >
        {NO_DATA_ACTIONS.map((one) => (
          <option key={one} value={one}>
            {NO_DATA[one]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
