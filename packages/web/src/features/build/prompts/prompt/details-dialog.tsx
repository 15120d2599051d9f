import { PromptPatch } from "@treadle/contract";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { FormDialog } from "../../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { TagsInput } from "../shared/tags-input.tsx";
import { usePromptChanges } from "../shared/use-prompt-changes.ts";
import type { Prompt } from "../shared/use-prompts.ts";

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
    <FormDialog title={`About ${prompt.name}`} form={form} verb="Save" onSubmit={submit} close={close}>
      <Field label="Description" isOptional error={form.errors.description}>
        {(field) => <TextArea {...field} {...form.text("description")} rows={3} autoFocus />}
      </Field>
      <TagsInput tags={form.values.tags ?? []} onChange={(tags) => form.set({ tags })} error={form.errors.tags} />
    </FormDialog>
  );
}
