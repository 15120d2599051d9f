import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { type Experiment, useExperimentChanges } from "../shared/use-experiments.ts";
import { baselineOf } from "../shared/words.ts";

/** Edits the name, description, tags and baseline of an experiment. */
export function DetailsDialog({ experiment, close }: { experiment: Experiment; close: () => void }) {
  const { update } = useExperimentChanges();
  const [name, setName] = useState(experiment.name);
  const [description, setDescription] = useState(experiment.description);
  const [tags, setTags] = useState(experiment.tags.join(", "));
  const [baseline, setBaseline] = useState(baselineOf(experiment)?.runId ?? "");
  function save() {
    const list = tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    update.mutate(
      {
        experimentId: experiment.experimentId,
        name: name.trim(),
        description,
        tags: list,
        ...(baseline !== baselineOf(experiment)?.runId && { baseline }),
      },
      {
        onSuccess: () => {
          toastDone("Saved");
          close();
        },
      },
    );
  }
  return (
    <Dialog title="Edit experiment" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
        className="flex flex-col gap-4"
      >
        <Field label="Name">
          {(field) => (
            <TextInput
              {...field}
              required
              maxLength={120}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Description" isOptional>
          {(field) => (
            <TextArea {...field} rows={2} value={description} onChange={({ target }) => setDescription(target.value)} />
          )}
        </Field>
        <Field label="Tags" isOptional help="Separate tags with commas">
          {(field) => <TextInput {...field} value={tags} onChange={({ target }) => setTags(target.value)} />}
        </Field>
        {experiment.runs.length > 1 && (
          <Field label="Baseline" help="The variant that all others are compared with">
            {(field) => (
              <Select {...field} value={baseline} onChange={({ target }) => setBaseline(target.value)}>
                {experiment.runs.map((run) => (
                  <option key={run.runId} value={run.runId}>
                    {run.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={update.isPending} disabled={name.trim() === ""}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
