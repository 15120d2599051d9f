import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import type { NotificationRoute } from "./use-notifications.ts";

type Quiet = NonNullable<NotificationRoute["quiet"]>;
/** The form holds it before it is checked: a field with a default can be missing. */
type Draft = Omit<Quiet, "criticalPasses"> & Partial<Quiet>;
type Day = Quiet["days"][number];

const DAYS: readonly (readonly [Day, string])[] = [
  ["mon", "Mon"],
  ["tue", "Tue"],
  ["wed", "Wed"],
  ["thu", "Thu"],
  ["fri", "Fri"],
  ["sat", "Sat"],
  ["sun", "Sun"],
];
const TIMES = [
  ["from", "From"],
  ["to", "To"],
] as const;

const newQuiet = (): Quiet => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  days: DAYS.map(([day]) => day),
  from: "22:00",
  to: "07:00",
  criticalPasses: true,
});

type QuietProps = { quiet: Draft | null; error: string | undefined; onChange: (quiet: Draft | null) => void };
type PartProps = { quiet: Draft; onChange: (quiet: Draft) => void };

/** When messages wait. */
export function QuietFields({ quiet, error, onChange }: QuietProps) {
  return (
    <fieldset className="flex flex-col gap-3">
      <Checkbox
        label="Quiet times"
        checked={quiet !== null}
        onChange={({ target }) => onChange(target.checked ? newQuiet() : null)}
      />
      {quiet && (
        <div className="flex flex-col gap-3 border-line border-l pl-4">
          <Days quiet={quiet} onChange={onChange} />
          <Times quiet={quiet} onChange={onChange} />
          <Checkbox
            label="Critical notifications pass"
            checked={quiet.criticalPasses ?? true}
            onChange={({ target }) => onChange({ ...quiet, criticalPasses: target.checked })}
          />
        </div>
      )}
      {error && <p className="text-xs text-bad">Quiet times: {error}</p>}
    </fieldset>
  );
}

function Days({ quiet, onChange }: PartProps) {
  const set = (day: Day, isOn: boolean) => {
    const days = DAYS.map(([one]) => one).filter((one) => (one === day ? isOn : quiet.days.includes(one)));
    onChange({ ...quiet, days });
  };
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-2">
      {DAYS.map(([day, name]) => (
        <Checkbox
          key={day}
          label={name}
          checked={quiet.days.includes(day)}
          onChange={({ target }) => set(day, target.checked)}
        />
      ))}
    </div>
  );
}

function Times({ quiet, onChange }: PartProps) {
  return (
    <div className="flex flex-wrap gap-3">
      {TIMES.map(([name, label]) => (
        <Field key={name} label={label} className="w-36">
          {(field) => (
            <TextInput
              {...field}
              type="time"
              required
              value={quiet[name]}
              onChange={({ target }) => onChange({ ...quiet, [name]: target.value })}
            />
          )}
        </Field>
      ))}
      <Field label="Time zone" className="min-w-40 grow">
        {(field) => (
          <TextInput
            {...field}
            value={quiet.timeZone}
            onChange={({ target }) => onChange({ ...quiet, timeZone: target.value })}
          />
        )}
      </Field>
    </div>
  );
}
