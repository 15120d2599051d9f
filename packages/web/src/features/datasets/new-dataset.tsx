import { useNavigate } from "@tanstack/react-router";
import { DatasetInput } from "@treadle/contract";
import { FileUp, ListTree, PencilLine } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { useCreateDataset } from "./use-datasets.ts";

const WAYS = [
  { way: "file", icon: FileUp, words: "A file" },
  { way: "traces", icon: ListTree, words: "Traces" },
  { way: "hand", icon: PencilLine, words: "By hand" },
] as const;
export type Way = (typeof WAYS)[number]["way"];

const FIRST = { file: "Choose the file", traces: "Choose the traces", hand: "Write the first item" } as const;
type NewProps = { way: string; setWay: (way: Way) => void; close: () => void };

/** Makes a dataset, and leads on to how its first items come. */
export function NewDataset({ way, setWay, close }: NewProps) {
  const create = useCreateDataset();
  const navigate = useNavigate();
  const form = useFormState({ schema: DatasetInput, initial: {}, draft: "new-dataset" });
  const chosen = WAYS.find((one) => one.way === way)?.way ?? "file";
  async function submit() {
    await form.submit(async (body) => {
      const { datasetId } = await create.mutateAsync(body);
      const params = { datasetId };
      if (chosen === "file") await navigate({ to: "/datasets/$datasetId/import", params });
      else await navigate({ to: "/datasets/$datasetId", params, search: { add: chosen } });
    });
  }
  return (
    <Dialog title="New dataset" description="It begins empty; its items come in the next step." close={close}>
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
              placeholder="support-questions"
            />
          )}
        </Field>
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
        <fieldset>
          <legend className="mb-1 text-sm font-medium">Begin with</legend>
          <div className="grid grid-cols-3 gap-2">
            {WAYS.map(({ way: name, icon: Icon, words }) => (
              <label
                key={name}
                className="card flex cursor-pointer items-center gap-2 p-2.5 hover:bg-raised has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent max-sm:flex-col max-sm:gap-1"
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
