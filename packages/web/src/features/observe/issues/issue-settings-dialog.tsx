import { useState } from "react";
import { explain } from "../../../api.ts";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, TextArea } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { KIND_WORDS } from "./issue-words.tsx";
import { readThresholds, writeThresholds } from "./thresholds.ts";
import { type Issue, type IssueSettings, useIssueSettings } from "./use-issues.ts";

type DialogProps = { canWrite: boolean; close: () => void };

/** What counts as a failure, and what is announced. */
export function IssueSettingsDialog({ canWrite, close }: DialogProps) {
  const { current } = useIssueSettings();
  return (
    <Dialog title="Settings of issues" description="Changes apply to new spans." close={close}>
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

function SettingsForm({ initial, canWrite, close }: DialogProps & { initial: IssueSettings }) {
  const { save } = useIssueSettings();
  const [settings, setSettings] = useState(initial);
  const [scores, setScores] = useState(writeThresholds(initial.scores));
  const read = readThresholds(scores);
  const set = (changes: Partial<IssueSettings>) => setSettings({ ...settings, ...changes });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (read.problem === "") save.mutate({ ...settings, scores: read.thresholds }, { onSuccess: close });
      }}
    >
      <fieldset disabled={!canWrite} className="flex flex-col gap-4">
        <Checkbox
          label="Group failures into issues"
          checked={settings.isEnabled}
          onChange={({ target }) => set({ isEnabled: target.checked })}
        />
        <KindFields kinds={settings.kinds} onChange={(kinds) => set({ kinds })} />
        <Field
          label="Score thresholds"
          help="One per line, such as `helpful < 0.5` or `toxicity > 0.8`."
          error={read.problem || undefined}
        >
          <TextArea rows={3} value={scores} onChange={({ target }) => setScores(target.value)} />
        </Field>
        <Checkbox
          label="Join messages that mean the same"
          checked={settings.joinsByMeaning}
          onChange={({ target }) => set({ joinsByMeaning: target.checked })}
        />
        <Checkbox
          label="Announce regressions"
          checked={settings.announcesRegressions}
          onChange={({ target }) => set({ announcesRegressions: target.checked })}
        />
        <Field label="Announce new issues from" help="Occurrences per hour. Leave empty to announce none." isOptional>
          <NumberInput
            min={1}
            value={settings.announceAtPerHour ?? ""}
            onChange={({ target }) => set({ announceAtPerHour: target.value === "" ? null : Number(target.value) })}
          />
        </Field>
      </fieldset>
      {save.error && (
        <p role="alert" className="text-bad [overflow-wrap:anywhere]">
          {explain(save.error)}
        </p>
      )}
      <DialogActions>
        <Button onClick={close}>{canWrite ? "Cancel" : "Close"}</Button>
        {canWrite && (
          <Button type="submit" kind="primary" isBusy={save.isPending} disabled={read.problem !== ""}>
            Save
          </Button>
        )}
      </DialogActions>
    </form>
  );
}

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
