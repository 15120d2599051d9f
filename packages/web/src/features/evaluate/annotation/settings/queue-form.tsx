import { AnnotationQueuePatch } from "@treadle/contract";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox, Field, NumberInput, TextArea, TextInput } from "../../../../components/form/field.tsx";
import { useFormState } from "../../../../components/form/form-state.ts";
import { Section } from "../../../../components/layout/page.tsx";
import { useMemberChoices } from "../../../system/choices/index.ts";
import { ShareField, SuggestionField } from "../list/queue-fields.tsx";
import { type Queue, useQueueChanges } from "../shared/use-queues.ts";

/** The settings of a queue: people per item, suggestions, members and timeouts. */
export function QueueForm({ queue }: { queue: Queue }) {
  const { update } = useQueueChanges();
  const form = useFormState({ schema: AnnotationQueuePatch, initial: fieldsOf(queue) });
  const { values } = form;
  const submit = async () =>
    (await form.submit((body) => update.mutateAsync({ queueId: queue.queueId, ...body }))) && toastDone("Saved");
  return (
    <Section title="General">
      <form
        aria-label="General"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 px-4 pb-4"
      >
        <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
          {(field) => <TextInput {...field} {...form.text("name")} required />}
        </Field>
        <Field label="Description" isOptional error={form.errors.description}>
          {(field) => (
            <TextArea
              {...field}
              rows={2}
              value={values.description ?? ""}
              onChange={({ target }) => form.set({ description: target.value })}
            />
          )}
        </Field>
        <div className="grid grid-cols-3 gap-4 max-md:grid-cols-1">
          <Field label="People per item" error={form.errors.overlap && "Enter a whole number from 1 to 50."}>
            {(field) => <NumberInput {...field} {...form.number("overlap")} min={1} max={50} step={1} />}
          </Field>
          <ShareField
            label="Test items (%)"
            share={values.goldRate}
            most={50}
            error={form.errors.goldRate}
            onChange={(goldRate) => form.set({ goldRate })}
          />
          <ShareField
            label="Dispute threshold (%)"
            help="Items with less agreement between answers are disputed"
            share={values.disputeBelow}
            most={100}
            error={form.errors.disputeBelow}
            onChange={(disputeBelow) => form.set({ disputeBelow })}
          />
          <Field
            label="Lease timeout (seconds)"
            help="An item goes back to the queue when its annotator is inactive for this time"
            error={form.errors.leaseSeconds && "Enter a number from 30 to 86,400."}
          >
            {(field) => <NumberInput {...field} {...form.number("leaseSeconds")} min={30} step={1} />}
          </Field>
          <Field
            label="Undo window (seconds)"
            help="Use 0 to disable undo"
            error={form.errors.undoSeconds && "Enter a number from 0 to 604,800."}
          >
            {(field) => <NumberInput {...field} {...form.number("undoSeconds")} min={0} step={1} />}
          </Field>
          <SuggestionField
            rule={values.suggestions}
            error={form.errors.suggestions}
            onChange={(suggestions) => form.set({ suggestions })}
          />
        </div>
        <Checkbox
          label="Hide item sources"
          checked={values.isBlind ?? true}
          onChange={({ target }) => form.set({ isBlind: target.checked })}
        />
        <People
          label="Annotators"
          help="If no one is selected, everyone with annotation rights can answer"
          chosen={values.annotators ?? []}
          onChange={(annotators) => form.set({ annotators })}
        />
        <People
          label="Reviewers"
          help="In addition to the project's owners and admins"
          chosen={values.reviewers ?? []}
          onChange={(reviewers) => form.set({ reviewers })}
        />
        <Failure text={form.failure} />
        <Button type="submit" kind="primary" isBusy={form.isBusy} className="self-start">
          Save
        </Button>
      </form>
    </Section>
  );
}

const fieldsOf = (queue: Queue) => ({
  name: queue.name,
  description: queue.description,
  overlap: queue.overlap,
  goldRate: queue.goldRate,
  isBlind: queue.isBlind,
  suggestions: queue.suggestions,
  leaseSeconds: queue.leaseSeconds,
  undoSeconds: queue.undoSeconds,
  disputeBelow: queue.disputeBelow,
  annotators: queue.annotators,
  reviewers: queue.reviewers,
});

type PeopleProps = { label: string; help: string; chosen: readonly string[]; onChange: (ids: string[]) => void };

function People({ label, help, chosen, onChange }: PeopleProps) {
  const members = useMemberChoices();
  const memberList = members.data ?? [];
  const others = chosen.filter((id) => !memberList.some(({ userId }) => userId === id));
  const change = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset aria-label={label} className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label}</span>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {memberList.map(({ userId, name, email }) => (
          <Checkbox
            key={userId}
            label={name || email}
            checked={chosen.includes(userId)}
            onChange={() => change(userId)}
          />
        ))}
        {others.map((id) => (
          <Checkbox key={id} label={<code className="text-xs">{id}</code>} checked onChange={() => change(id)} />
        ))}
      </div>
      <p className="text-xs text-muted">{members.error ? "The members could not be loaded." : help}</p>
    </fieldset>
  );
}
