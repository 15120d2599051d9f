import { useNavigate } from "@tanstack/react-router";
import { DatasetInput } from "@treadle/contract";
import { FileUp, ListTree, PencilLine, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { Dialog } from "../../../../components/overlay/dialog.tsx";
import { useCreateDataset } from "../shared/use-datasets.ts";
import { TestSetChoice } from "./test-set-choice.tsx";
import { useCreateFromTestSet } from "./use-test-sets.ts";

const WAYS = [
  { way: "file", icon: FileUp, words: "File" },
  { way: "traces", icon: ListTree, words: "Traces" },
  { way: "hand", icon: PencilLine, words: "By hand" },
  { way: "set", icon: ShieldAlert, words: "Test set" },
] as const;
export type Way = (typeof WAYS)[number]["way"];

const FIRST = {
  file: "Choose file",
  traces: "Choose traces",
  hand: "Add first item",
  set: "Create dataset",
} as const;
const DEFAULT_SET = "jailbreak";
type NewProps = { way: string; setWay: (way: Way) => void; close: () => void };

/** Creates a dataset and continues to its first items. */
export function NewDataset({ way, setWay, close }: NewProps) {
  const create = useCreateDataset();
  const fromSet = useCreateFromTestSet();
  const [testSetId, setTestSetId] = useState(DEFAULT_SET);
  const navigate = useNavigate();
  const form = useFormState({ schema: DatasetInput, initial: {}, draft: "new-dataset" });
  const chosen = WAYS.find((one) => one.way === way)?.way ?? "file";
  async function submit() {
    await form.submit(async (body) => {
      const { datasetId } =
        chosen === "set" ? await fromSet.mutateAsync({ testSetId, name: body.name }) : await create.mutateAsync(body);
      const params = { datasetId };
      if (chosen === "file") await navigate({ to: "/datasets/$datasetId/import", params });
      else if (chosen === "set") await navigate({ to: "/datasets/$datasetId", params });
      else await navigate({ to: "/datasets/$datasetId", params, search: { add: chosen } });
    });
  }
  return (
    <Dialog
      title="New dataset"
      description={
        chosen === "set"
          ? "The items become its first version."
          : "The dataset starts empty. You add items in the next step."
      }
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" error={form.errors.name}>
          {(field) => (
            <TextInput
              {...field}
              {...form.text("name")}
              required
              autoFocus
              maxLength={120}
              placeholder={chosen === "set" ? "jailbreaks" : "support-questions"}
            />
          )}
        </Field>
        {chosen !== "set" && (
          <Field label="Description" isOptional error={form.errors.description}>
            {(field) => (
              <TextArea
                {...field}
                {...form.text("description")}
                rows={2}
                placeholder="What the dataset contains and what it is for"
              />
            )}
          </Field>
        )}
        <BeginWith chosen={chosen} setWay={setWay} />
        {chosen === "set" ? (
          <TestSetChoice chosen={testSetId} choose={setTestSetId} />
        ) : (
          <div>
            <Checkbox
              label="Use for evaluation"
              checked={form.values.isEvaluation ?? false}
              onChange={({ target }) => form.set({ isEvaluation: target.checked })}
            />
            <p className="mt-0.5 pl-6 text-xs text-muted text-pretty">
              The project's other datasets are checked for its items, so that no model is trained on them.
            </p>
          </div>
        )}
        <Failure text={form.failure} />
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {FIRST[chosen]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function BeginWith({ chosen, setWay }: { chosen: Way; setWay: (way: Way) => void }) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Source</legend>
      <div className="grid grid-cols-4 gap-2 max-sm:grid-cols-2">
        {WAYS.map(({ way: name, icon: Icon, words }) => (
          <label
            key={name}
            className="card flex cursor-pointer items-center gap-2 p-2.5 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="way"
              value={name}
              checked={chosen === name}
              onChange={() => setWay(name)}
              className="sr-only"
            />
            <Icon aria-hidden size={16} className="shrink-0 text-muted" />
            <span className="font-medium">{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
