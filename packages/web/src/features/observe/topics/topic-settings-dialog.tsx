import { useState } from "react";
import { explain } from "../../../api.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { type TopicSettings, useTopicSettings } from "./use-topics.ts";

type DialogProps = { canWrite: boolean; close: () => void };

/** When topics are found, in which traces, and how they are labelled. */
export function TopicSettingsDialog({ canWrite, close }: DialogProps) {
  const { current } = useTopicSettings();
  return (
    <Dialog title="Settings of topics" close={close}>
      {current.error ? (
        <ErrorState error={current.error} retry={() => current.refetch()} />
      ) : current.data ? (
        <SettingsForm initial={current.data} canWrite={canWrite} close={close} />
      ) : (
        <Skeleton className="h-60 w-full" />
      )}
    </Dialog>
  );
}

function SettingsForm({ initial, canWrite, close }: DialogProps & { initial: TopicSettings }) {
  const { save } = useTopicSettings();
  const [settings, setSettings] = useState(initial);
  const set = (changes: Partial<TopicSettings>) => setSettings({ ...settings, ...changes });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(settings, { onSuccess: close });
      }}
    >
      <fieldset disabled={!canWrite} className="flex flex-col gap-4">
        <Checkbox
          label="Run every day"
          checked={settings.isScheduled}
          onChange={({ target }) => set({ isScheduled: target.checked })}
        />
        <div className="grid grid-cols-2 gap-4">
          <Field label="Hour (UTC)">
            <NumberInput
              min={0}
              max={23}
              value={settings.hour}
              onChange={({ target }) => set({ hour: Number(target.value) })}
            />
          </Field>
          <Field label="Days" help="The second half is compared with the first.">
            <NumberInput
              min={2}
              max={90}
              value={settings.days}
              onChange={({ target }) => set({ days: Number(target.value) })}
            />
          </Field>
          <Field label="Most traces" help="More traces are sampled.">
            <NumberInput
              min={50}
              max={20_000}
              value={settings.mostTraces}
              onChange={({ target }) => set({ mostTraces: Number(target.value) })}
            />
          </Field>
          <Field label="Topics" help="Leave empty to select a number by the traces." isOptional>
            <NumberInput
              min={2}
              max={50}
              value={settings.topics ?? ""}
              onChange={({ target }) => set({ topics: target.value === "" ? null : Number(target.value) })}
            />
          </Field>
        </div>
        <Field label="Filter" help="In the filter language for traces." isOptional>
          <TextInput value={settings.filter} onChange={({ target }) => set({ filter: target.value })} />
        </Field>
        <LabellingFields labelling={settings.labelling} onChange={(labelling) => set({ labelling })} />
      </fieldset>
      {save.error && (
        <p role="alert" className="text-bad [overflow-wrap:anywhere]">
          {explain(save.error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={close}>{canWrite ? "Cancel" : "Close"}</Button>
        {canWrite && (
          <Button type="submit" kind="primary" isBusy={save.isPending}>
            Save
          </Button>
        )}
      </DialogActions>
    </form>
  );
}

type Labelling = TopicSettings["labelling"];

function LabellingFields({ labelling, onChange }: { labelling: Labelling; onChange: (next: Labelling) => void }) {
  const set = (changes: Partial<Labelling>) => onChange({ ...labelling, ...changes });
  return (
    <>
      <Checkbox
        label="Label topics with a model"
        checked={labelling.isEnabled}
        onChange={({ target }) => set({ isEnabled: target.checked })}
      />
      {labelling.isEnabled && (
        <div className="grid grid-cols-2 gap-4">
          <Field label="Model" help="It reads the words and examples of each topic." className="col-span-2">
            <TextInput value={labelling.model} onChange={({ target }) => set({ model: target.value })} />
          </Field>
          <Field label="Budget (USD)">
            <NumberInput
              min={0.01}
              max={100}
              step={0.01}
              value={labelling.maxUsd}
              onChange={({ target }) => set({ maxUsd: Number(target.value) })}
            />
          </Field>
          <Field label="Most calls">
            <NumberInput
              min={1}
              max={500}
              value={labelling.maxCalls}
              onChange={({ target }) => set({ maxCalls: Number(target.value) })}
            />
          </Field>
        </div>
      )}
    </>
  );
}
