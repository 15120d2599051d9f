import { AnnotationQueuePatch, SUGGESTION_RULES } from "@treadle/contract";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Checkbox, Field, NumberInput, Select, TextArea, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { Section } from "../../components/page.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useMemberChoices } from "../choices/index.ts";
import { SUGGESTION_WORDS } from "./queue-words.ts";
import { type Queue, useQueueChanges } from "./use-queues.ts";

/** How many people answer, what they are shown, who they are, and how long things take. */
export function QueueForm({ queue }: { queue: Queue }) {
  const { update } = useQueueChanges();
  const form = useFormState({ schema: AnnotationQueuePatch, initial: fieldsOf(queue) });
  const { values } = form;
  const submit = async () =>
    (await form.submit((body) => update.mutateAsync({ queueId: queue.queueId, ...body }))) && toastDone("Saved");
  return (
    <Section title="How it works">
      <form
        aria-label="How it works"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 px-4 pb-4"
      >
        <Field label="Name" error={form.errors.name && "Give it a name of at most 120 characters."}>
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
          <Field label="People an item" error={form.errors.overlap && "A whole number from 1 to 50."}>
            {(field) => <NumberInput {...field} {...form.number("overlap")} min={1} max={50} step={1} />}
          </Field>
          <Field label="Share of test items, %" error={form.errors.goldRate && "From 0 to 50."}>
            {(field) => (
              <NumberInput
                {...field}
                min={0}
                max={50}
                value={Number(((values.goldRate ?? 0) * 100).toPrecision(4))}
                onChange={({ target }) => form.set({ goldRate: (target.valueAsNumber || 0) / 100 })}
              />
            )}
          </Field>
          <Field
            label="Disputed below, %"
            help="Of pairs of answers that say the same"
            error={form.errors.disputeBelow && "From 0 to 100."}
          >
            {(field) => (
              <NumberInput
                {...field}
                min={0}
                max={100}
                value={Number(((values.disputeBelow ?? 0) * 100).toPrecision(4))}
                onChange={({ target }) => form.set({ disputeBelow: (target.valueAsNumber || 0) / 100 })}
              />
            )}
          </Field>
          <Field
            label="Held for, seconds"
            help="An item goes back when nobody is heard of for so long"
            error={form.errors.leaseSeconds && "From 30 to 86,400."}
          >
            {(field) => <NumberInput {...field} {...form.number("leaseSeconds")} min={30} step={1} />}
          </Field>
          <Field
            label="Taken back within, seconds"
            help="0 for never"
            error={form.errors.undoSeconds && "From 0 to 604,800."}
          >
            {(field) => <NumberInput {...field} {...form.number("undoSeconds")} min={0} step={1} />}
          </Field>
          <Field label="A judge's answer is shown" error={form.errors.suggestions}>
            {(field) => (
              <Select
                {...field}
                value={values.suggestions}
                onChange={({ target }) =>
                  form.set({ suggestions: SUGGESTION_RULES.find((one) => one === target.value) })
                }
              >
                {SUGGESTION_RULES.map((rule) => (
                  <option key={rule} value={rule}>
                    {SUGGESTION_WORDS[rule]}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Checkbox
          label="Hide where items are from"
          checked={values.isBlind ?? true}
          onChange={({ target }) => form.set({ isBlind: target.checked })}
        />
        <People
          label="Who answers"
          help="Nobody chosen: everybody who may annotate"
          chosen={values.annotators ?? []}
          onChange={(annotators) => form.set({ annotators })}
        />
        <People
          label="Who reviews"
          help="Beside the project's owners and admins"
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
  ...{ name: queue.name, description: queue.description, overlap: queue.overlap, goldRate: queue.goldRate },
  ...{ isBlind: queue.isBlind, suggestions: queue.suggestions, leaseSeconds: queue.leaseSeconds },
  ...{ undoSeconds: queue.undoSeconds, disputeBelow: queue.disputeBelow },
  ...{ annotators: queue.annotators, reviewers: queue.reviewers },
});

type PeopleProps = { label: string; help: string; chosen: readonly string[]; onChange: (ids: string[]) => void };

function People({ label, help, chosen, onChange }: PeopleProps) {
  const members = useMemberChoices();
  const known = members.data ?? [];
  const others = chosen.filter((id) => !known.some(({ userId }) => userId === id));
  const change = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset aria-label={label} className="flex flex-col gap-1">
      <span className="text-sm font-medium">{label}</span>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {known.map(({ userId, name, email }) => (
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
