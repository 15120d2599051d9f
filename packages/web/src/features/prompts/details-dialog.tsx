import { PromptPatch } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Field, TextArea } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { TagsInput } from "./tags-input.tsx";
import { usePromptChanges } from "./use-prompt-changes.ts";
import type { Prompt } from "./use-prompts.ts";

/** What a prompt is for, and its tags; neither makes a version. */
export function DetailsDialog({ prompt, close }: { prompt: Prompt; close: () => void }) {
  const { update } = usePromptChanges(prompt.name);
  const form = useFormState({
    schema: PromptPatch,
    initial: { description: prompt.description, tags: prompt.tags },
  });
  async function submit() {
    const { description = "", tags } = form.values;
    if (!(await form.submit(() => update.mutateAsync({ description, tags })))) return;
    toastDone("Saved");
    close();
  }
  return (
    <Dialog title={`About ${prompt.name}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Description" isOptional error={form.errors.description}>
          {(field) => <TextArea {...field} {...form.text("description")} rows={3} autoFocus />}
        </Field>
        <TagsInput tags={form.values.tags ?? []} onChange={(tags) => form.set({ tags })} error={form.errors.tags} />
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
