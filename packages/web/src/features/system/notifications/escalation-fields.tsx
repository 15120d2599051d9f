import { Checkbox, Field, NumberInput } from "../../../components/form/field.tsx";
import { ChannelChoices } from "./channel-choices.tsx";
import type { NotificationRoute } from "./use-notifications.ts";

type Escalation = NonNullable<NotificationRoute["escalation"]>;
/** The form holds it before it is checked: a field with a default can be missing. */
type Draft = Omit<Escalation, "repeatMinutes"> & Partial<Escalation>;
type EscalationProps = {
  escalation: Draft | null;
  error: string | undefined;
  onChange: (escalation: Draft | null) => void;
};
type PartProps = { escalation: Draft; onChange: (escalation: Draft) => void };

const AFTER_MINUTES = 15;
const numberOf = (text: string) => (text === "" ? Number.NaN : Number(text));
const textOf = (value: number | null | undefined) =>
  value === null || value === undefined || Number.isNaN(value) ? "" : String(value);

/** The channels that are notified without an acknowledgement. */
export function EscalationFields({ escalation, error, onChange }: EscalationProps) {
  return (
    <fieldset className="flex flex-col gap-3">
      <Checkbox
        label="Escalate without acknowledgement"
        checked={escalation !== null}
        onChange={({ target }) =>
          onChange(target.checked ? { afterMinutes: AFTER_MINUTES, channelIds: [], repeatMinutes: null } : null)
        }
      />
      {escalation && (
        <div className="flex flex-col gap-3 border-line border-l pl-4">
          <Minutes escalation={escalation} onChange={onChange} />
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

function Minutes({ escalation, onChange }: PartProps) {
  return (
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
  );
}
