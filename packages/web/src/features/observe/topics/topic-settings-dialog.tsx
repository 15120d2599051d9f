import { useState } from "react";
import { explain } from "../../../api.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Checkbox } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { NumberField, TextField } from "../../../components/form/typed-fields.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { type TopicSettings, useTopicSettings } from "./use-topics.ts";

const TITLE = "Topic settings";

/** When topics are found, in which traces, and how they are labelled. */
export function TopicSettingsDialog({ close }: { close: () => void }) {
  const { current } = useTopicSettings();
  if (current.data) return <SettingsForm initial={current.data} close={close} />;
  return (
    <Dialog title={TITLE} close={close}>
      {current.error ? (
        <ErrorState error={current.error} retry={() => current.refetch()} />
      ) : (
        <Skeleton className="h-60 w-full" />
      )}
    </Dialog>
  );
}

function SettingsForm({ initial, close }: { initial: TopicSettings; close: () => void }) {
  const { save } = useTopicSettings();
  const [settings, setSettings] = useState(initial);
  const set = (changes: Partial<TopicSettings>) => setSettings({ ...settings, ...changes });
  return (
    <FormDialog
      title={TITLE}
      verb="Save"
      form={{ failure: save.error ? explain(save.error) : undefined, isBusy: save.isPending }}
      onSubmit={() => whenDone(save.mutateAsync(settings), () => confirmAnd(close))}
      close={close}
    >
      <Checkbox
        label="Run every day"
        checked={settings.isScheduled}
        onChange={({ target }) => set({ isScheduled: target.checked })}
      />
      <NumberFields settings={settings} set={set} />
      <TextField
        label="Filter"
        help="In the filter language for traces."
        isOptional
        value={settings.filter}
        onChange={(filter) => set({ filter })}
      />
      <LabellingFields labelling={settings.labelling} onChange={(labelling) => set({ labelling })} />
    </FormDialog>
  );
}

function confirmAnd(close: () => void) {
  toastDone("Saved the settings. They apply to the next run.");
  close();
}

const NUMBERS = [
  { name: "hour", label: "Hour (UTC)", help: "The hour at which the daily run starts.", min: 0, max: 23 },
  { name: "days", label: "Days", help: "The time range. Its second half is compared with the first.", min: 2, max: 90 },
  {
    name: "mostTraces",
    label: "Most traces",
    help: "If there are more traces, a run reads a sample.",
    min: 50,
    max: 20_000,
  },
] as const;
type FieldsProps = { settings: TopicSettings; set: (changes: Partial<TopicSettings>) => void };

const NumberFields = ({ settings, set }: FieldsProps) => (
  <div className="grid grid-cols-2 gap-4">
    {NUMBERS.map(({ name, ...field }) => (
      <NumberField
        key={name}
        {...field}
        value={settings[name]}
        onChange={(value) => set({ [name]: value ?? field.min })}
      />
    ))}
    <NumberField
      label="Topics"
      help="Leave empty to let the run choose the number."
      isOptional
      min={2}
      max={50}
      value={settings.topics}
      onChange={(topics) => set({ topics })}
    />
  </div>
);

type Labelling = TopicSettings["labelling"];
type LabellingProps = { labelling: Labelling; onChange: (next: Labelling) => void };

const LabellingFields = ({ labelling, onChange }: LabellingProps) => (
  <>
    <Checkbox
      label="Label topics with a model"
      checked={labelling.isEnabled}
      onChange={({ target }) => onChange({ ...labelling, isEnabled: target.checked })}
    />
    {labelling.isEnabled && <ModelFields labelling={labelling} onChange={onChange} />}
  </>
);

function ModelFields({ labelling, onChange }: LabellingProps) {
  const set = (changes: Partial<Labelling>) => onChange({ ...labelling, ...changes });
  const { model, maxUsd, maxCalls } = labelling;
  return (
    <div className="grid grid-cols-2 gap-4">
      <TextField
        label="Model"
        help="It reads the words and examples of each topic."
        className="col-span-2"
        value={model}
        onChange={(next) => set({ model: next })}
      />
      <NumberField
        label="Budget (USD)"
        min={0.01}
        max={100}
        step={0.01}
        value={maxUsd}
        onChange={(next) => set({ maxUsd: next ?? 0.01 })}
      />
      <NumberField
        label="Most calls"
        min={1}
        max={500}
        value={maxCalls}
        onChange={(next) => set({ maxCalls: next ?? 1 })}
      />
    </div>
  );
}
