import { Checkbox, Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { type NotificationRoute, useChannels } from "./use-notifications.ts";

type Quiet = NonNullable<NotificationRoute["quiet"]>;
type Escalation = NonNullable<NotificationRoute["escalation"]>;
/** What a form holds before it is checked: fields with defaults can be missing. */
type Draft<Whole, Optional extends keyof Whole> = Omit<Whole, Optional> & Partial<Whole>;

const DAYS: readonly (readonly [Quiet["days"][number], string])[] = [
  ["mon", "Mon"],
  ["tue", "Tue"],
  ["wed", "Wed"],
  ["thu", "Thu"],
  ["fri", "Fri"],
  ["sat", "Sat"],
  ["sun", "Sun"],
];

type ChoicesProps = { label: string; chosen: readonly string[]; onChange: (channelIds: string[]) => void };

/** Any number of the project's channels. */
export function ChannelChoices({ label, chosen, onChange }: ChoicesProps) {
  const channels = useChannels().data?.items ?? [];
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{label}</legend>
      {channels.length === 0 && <p className="text-sm text-muted">Create a channel first.</p>}
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {channels.map(({ channelId, name }) => (
          <Checkbox
            key={channelId}
            label={name}
            checked={chosen.includes(channelId)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, channelId] : chosen.filter((id) => id !== channelId))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

const newQuiet = (): Quiet => ({
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  days: DAYS.map(([day]) => day),
  from: "22:00",
  to: "07:00",
  criticalPasses: true,
});

type QuietProps = {
  quiet: Draft<Quiet, "criticalPasses"> | null;
  error: string | undefined;
  onChange: (quiet: Draft<Quiet, "criticalPasses"> | null) => void;
};

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
          <div className="flex flex-wrap gap-x-4 gap-y-2">
            {DAYS.map(([day, name]) => (
              <Checkbox
                key={day}
                label={name}
                checked={quiet.days.includes(day)}
                onChange={({ target }) => {
                  const days = DAYS.map(([one]) => one).filter((one) =>
                    one === day ? target.checked : quiet.days.includes(one),
                  );
                  onChange({ ...quiet, days });
                }}
              />
            ))}
          </div>
          <div className="flex flex-wrap gap-3">
            {(["from", "to"] as const).map((name) => (
              <Field key={name} label={name === "from" ? "From" : "To"} className="w-28">
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

type EscalationProps = {
  escalation: Draft<Escalation, "repeatMinutes"> | null;
  error: string | undefined;
  onChange: (escalation: Draft<Escalation, "repeatMinutes"> | null) => void;
};

/** Who is told next if nobody acknowledges. */
export function EscalationFields({ escalation, error, onChange }: EscalationProps) {
  const numberOf = (text: string) => (text === "" ? Number.NaN : Number(text));
  const textOf = (value: number | null | undefined) =>
    value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
  return (
    <fieldset className="flex flex-col gap-3">
      <Checkbox
        label="Escalate without acknowledgement"
        checked={escalation !== null}
        onChange={({ target }) =>
          onChange(target.checked ? { afterMinutes: 15, channelIds: [], repeatMinutes: null } : null)
        }
      />
      {escalation && (
        <div className="flex flex-col gap-3 border-line border-l pl-4">
          <div className="flex flex-wrap gap-3">
            <Field label="After (minutes)" className="w-36">
              {(field) => (
                <NumberInput
                  {...field}
                  value={textOf(escalation.afterMinutes)}
                  onChange={({ target }) => onChange({ ...escalation, afterMinutes: numberOf(target.value) })}
                />
              )}
            </Field>
            <Field label="Repeat every (minutes)" isOptional className="w-52">
              {(field) => (
                <NumberInput
                  {...field}
                  value={textOf(escalation.repeatMinutes)}
                  onChange={({ target }) =>
                    onChange({ ...escalation, repeatMinutes: target.value === "" ? null : Number(target.value) })
                  }
                />
              )}
            </Field>
          </div>
          <ChannelChoices
            label="Channels of the escalation"
            chosen={escalation.channelIds}
            onChange={(channelIds) => onChange({ ...escalation, channelIds })}
          />
        </div>
      )}
      {error && <p className="text-xs text-bad">Escalation: {error}</p>}
    </fieldset>
  );
}
