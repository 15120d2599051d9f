import { useState } from "react";
import { explain } from "../../../api.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Checkbox, Field, TextArea } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { NumberField } from "../../../components/form/typed-fields.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { KIND_WORDS } from "./issue-words.tsx";
import { readThresholds, writeThresholds } from "./thresholds.ts";
import { type Issue, type IssueSettings, useIssueSettings } from "./use-issues.ts";

const TITLE = { title: "Issue settings", description: "Changes apply to new spans." };

/** What counts as a failure, and what is announced. */
export function IssueSettingsDialog({ close }: { close: () => void }) {
  const { current } = useIssueSettings();
  if (current.data) return <SettingsForm initial={current.data} close={close} />;
  return (
    <Dialog {...TITLE} close={close}>
      {current.error ? (
        <ErrorState error={current.error} retry={() => current.refetch()} />
      ) : (
        <Skeleton className="h-60 w-full" />
      )}
    </Dialog>
  );
}

function SettingsForm({ initial, close }: { initial: IssueSettings; close: () => void }) {
  const { save } = useIssueSettings();
  const [settings, setSettings] = useState(initial);
  const [scores, setScores] = useState(writeThresholds(initial.scores));
  const read = readThresholds(scores);
  const onSuccess = () => confirmAnd(close);
  const submit = () => read.problem || whenDone(save.mutateAsync({ ...settings, scores: read.thresholds }), onSuccess);
  return (
    <FormDialog
      {...TITLE}
      verb="Save"
      form={{ failure: save.error ? explain(save.error) : undefined, isBusy: save.isPending }}
      onSubmit={submit}
      close={close}
    >
      <KindFields kinds={settings.kinds} onChange={(kinds) => setSettings({ ...settings, kinds })} />
      <Field
        label="Score thresholds"
        help="One per line, such as helpful < 0.5 or toxicity > 0.8."
        error={read.problem || undefined}
      >
        {(control) => (
          <TextArea {...control} rows={3} value={scores} onChange={({ target }) => setScores(target.value)} />
        )}
      </Field>
      <Switches settings={settings} set={(changes) => setSettings({ ...settings, ...changes })} />
    </FormDialog>
  );
}

function confirmAnd(close: () => void) {
  toastDone("Saved the settings");
  close();
}

const SWITCHES = [
  ["isEnabled", "Group failures into issues"],
  ["joinsByMeaning", "Join messages that mean the same"],
  ["announcesRegressions", "Announce regressions"],
] as const;
type SwitchProps = { settings: IssueSettings; set: (changes: Partial<IssueSettings>) => void };

const Switches = ({ settings, set }: SwitchProps) => (
  <>
    {SWITCHES.map(([name, label]) => (
      <Checkbox
        key={name}
        label={label}
        checked={settings[name]}
        onChange={({ target }) => set({ [name]: target.checked })}
      />
    ))}
    <NumberField
      label="Announce new issues from"
      help="Occurrences per hour. Leave empty to announce none."
      isOptional
      min={1}
      value={settings.announceAtPerHour}
      onChange={(announceAtPerHour) => set({ announceAtPerHour })}
    />
  </>
);

type Kind = Issue["kind"];
const KINDS = Object.keys(KIND_WORDS) as Kind[];

const KindFields = ({ kinds, onChange }: { kinds: readonly Kind[]; onChange: (kinds: Kind[]) => void }) => (
  <fieldset className="grid grid-cols-2 gap-1">
    <legend className="mb-1 font-medium">Failures</legend>
    {KINDS.map((kind) => (
      <Checkbox
        key={kind}
        label={KIND_WORDS[kind]}
        checked={kinds.includes(kind)}
        onChange={({ target }) => onChange(target.checked ? [...kinds, kind] : kinds.filter((one) => one !== kind))}
      />
    ))}
  </fieldset>
);
