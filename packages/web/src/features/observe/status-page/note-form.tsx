import { StatusNoteInput } from "@treadle/contract";
import { z } from "zod";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, Select, TextArea, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { NOTE_STATES } from "./note-words.ts";
import { type StatusNote, useNoteChanges } from "./use-status-page.ts";

const STATES = ["investigating", "identified", "monitoring", "resolved"] as const;
type State = (typeof STATES)[number];

/** Publishes a note. */
export function NoteForm({ components, close }: { components: readonly string[]; close: () => void }) {
  const { create } = useNoteChanges();
  const form = useFormState({ schema: StatusNoteInput, initial: { state: "investigating" }, draft: "status-note" });
  async function submit() {
    if (!(await form.submit((body) => create.mutateAsync(body)))) return;
    toastDone("Published the note");
    close();
  }
  return (
    <FormDialog title="New note" form={form} verb="Publish note" onSubmit={submit} close={close}>
      <Field label="Title" error={form.errors.title && "Enter a title of at most 120 characters."}>
        {(field) => <TextInput {...field} {...form.text("title")} required autoFocus placeholder="Slow answers" />}
      </Field>
      <ComponentChoice
        components={components}
        chosen={form.values.components ?? []}
        onChange={(next) => form.set({ components: [...next] })}
      />
      <UpdateFields
        state={form.values.state ?? "investigating"}
        onState={(state) => form.set({ state })}
        text={form.text("text")}
        error={form.errors.text}
      />
    </FormDialog>
  );
}

type ChoiceProps = {
  components: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
};

function ComponentChoice({ components, chosen, onChange }: ChoiceProps) {
  if (components.length === 0) return null;
  const toggle = (name: string, isOn: boolean) =>
    onChange(isOn ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">Components</legend>
      {components.map((name) => (
        <Checkbox
          key={name}
          label={name}
          checked={chosen.includes(name)}
          onChange={({ target }) => toggle(name, target.checked)}
        />
      ))}
    </fieldset>
  );
}

const Update = z.object({ state: StatusNoteInput.shape.state, text: StatusNoteInput.shape.text });

/** Adds an update to a note. */
export function UpdateForm({ note, close }: { note: StatusNote; close: () => void }) {
  const { addUpdate } = useNoteChanges();
  const form = useFormState({ schema: Update, initial: { state: note.state } });
  async function submit() {
    if (!(await form.submit((body) => addUpdate.mutateAsync({ noteId: note.noteId, body })))) return;
    toastDone("Published the update");
    close();
  }
  return (
    <FormDialog title={`Update ${note.title}`} form={form} verb="Publish update" onSubmit={submit} close={close}>
      <UpdateFields
        state={form.values.state ?? note.state}
        onState={(state) => form.set({ state })}
        text={form.text("text")}
        error={form.errors.text}
      />
    </FormDialog>
  );
}

type FieldsProps = {
  state: State;
  onState: (state: State) => void;
  text: { value: string; onChange: (event: { target: { value: string } }) => void; onBlur: () => void };
  error: string | undefined;
};

const UpdateFields = ({ state, onState, text, error }: FieldsProps) => (
  <>
    <Field label="State" help="The state resolved closes the note.">
      {(field) => (
        <Select
          {...field}
          value={state}
          onChange={({ target }) => onState(STATES.find((one) => one === target.value) ?? state)}
        >
          {STATES.map((one) => (
            <option key={one} value={one}>
              {NOTE_STATES[one]}
            </option>
          ))}
        </Select>
      )}
    </Field>
    <Field
      label="Text"
      help="Plain text. Everyone can read it."
      error={error && "Enter a text of at most 5,000 characters."}
    >
      {(field) => <TextArea {...field} {...text} required rows={4} />}
    </Field>
  </>
);
