import { type FormEvent, useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import type { Monitor } from "./use-monitors.ts";
import { useMuting } from "./use-muting.ts";

/** A time as `datetime-local` wants it: local time without a zone. */
function toLocal(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The next morning at nine. */
function tomorrow(): Date {
  const time = new Date();
  time.setDate(time.getDate() + 1);
  time.setHours(9, 0, 0, 0);
  return time;
}

const WHAT = "The monitor is evaluated while it is muted, but sends no notifications.";
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

type MuteProps = { monitor: Monitor; close: () => void };

function useMuteForm({ monitor, close }: MuteProps) {
  const [until, setUntil] = useState(() => toLocal(tomorrow()));
  const [error, setError] = useState<string>();
  const { muteUntil, isBusy } = useMuting(monitor);
  function submit(event: FormEvent) {
    event.preventDefault();
    const time = new Date(until);
    if (!(time.getTime() > Date.now())) return setError("Choose a time in the future.");
    muteUntil(time.toISOString(), close);
  }
  return { until, setUntil, error, isBusy, submit };
}

/** Mutes a monitor until a time. */
export function MuteDialog(props: MuteProps) {
  const { until, setUntil, error, isBusy, submit } = useMuteForm(props);
  return (
    <Dialog title={`Mute ${props.monitor.name}`} description={WHAT} close={props.close} width="narrow">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Until" error={error} help={`Time in ${zone()}`}>
          {(field) => (
            <TextInput
              {...field}
              type="datetime-local"
              required
              value={until}
              onChange={({ target }) => setUntil(target.value)}
            />
          )}
        </Field>
        <MuteActions isBusy={isBusy} close={props.close} />
      </form>
    </Dialog>
  );
}

const MuteActions = ({ isBusy, close }: { isBusy: boolean; close: () => void }) => (
  <DialogActions>
    <Button onClick={close}>Cancel</Button>
    <Button type="submit" kind="primary" isBusy={isBusy}>
      Mute
    </Button>
  </DialogActions>
);
