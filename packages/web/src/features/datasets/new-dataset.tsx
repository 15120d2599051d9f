import { useNavigate } from "@tanstack/react-router";
import { DatasetInput } from "@treadle/contract";
import { FileUp, ListTree, PencilLine, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { TestSetChoice } from "./test-set-choice.tsx";
import { useCreateDataset } from "./use-datasets.ts";
import { useCreateFromTestSet } from "./use-test-sets.ts";

const WAYS = [
  { way: "file", icon: FileUp, words: "A file" },
  { way: "traces", icon: ListTree, words: "Traces" },
  { way: "hand", icon: PencilLine, words: "By hand" },
  { way: "set", icon: ShieldAlert, words: "A test set" },
] as const;
export type Way = (typeof WAYS)[number]["way"];

const FIRST = {
  file: "Choose the file",
  traces: "Choose the traces",
  hand: "Write the first item",
  set: "Make the dataset",
} as const;
const DEFAULT_SET = "jailbreak";
type NewProps = { way: string; setWay: (way: Way) => void; close: () => void };

/** Makes a dataset, and leads on to how its first items come. */
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
          ? "Its items come with it, as its first version."
          : "It begins empty; its items come in the next step."
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
                placeholder="What it holds, and what it is for"
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
              label="It is for evaluation"
              checked={form.values.isEvaluation ?? false}
              onChange={({ target }) => form.set({ isEvaluation: target.checked })}
            />
            <p className="mt-0.5 pl-6 text-xs text-muted text-pretty">
              The project's other datasets are then checked for items of this one, so that nobody trains on the exam.
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
      <legend className="mb-1 text-sm font-medium">Begin with</legend>
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
