import { LimitPatch } from "@treadle/contract";
import { Failure } from "../../../components/feedback/failure.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { AmountFields } from "./amount-fields.tsx";
import { RuleFields } from "./rule-fields.tsx";
import { ScopeFields } from "./scope-fields.tsx";
import { type LimitFormState, useLimitForm } from "./use-limit-form.ts";
import { type Limit, useLimitChanges } from "./use-limits.ts";

/** Adds or edits a limit. What an existing limit counts cannot change. */
export function LimitForm({ limit, close }: { limit: Limit | undefined; close: () => void }) {
  const { create, update } = useLimitChanges();
  const form = useLimitForm(limit);
  async function submit() {
    const isSaved = await form.submit((body) =>
      limit ? update.mutateAsync({ limitId: limit.limitId, body: changesOf(body) }) : create.mutateAsync(body),
    );
    if (!isSaved) return;
    toastDone(limit ? `Saved ${limit.name}` : "The limit is active");
    close();
  }
  return (
    <Dialog title={limit ? `Edit ${limit.name}` : "New limit"} close={close}>
      <form
        aria-label="Limit"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Fields form={form} isNew={!limit} />
        <Buttons close={close} label={limit ? "Save" : "Create limit"} isBusy={form.isBusy} />
      </form>
    </Dialog>
  );
}

const Buttons = ({ close, label, isBusy }: { close: () => void; label: string; isBusy: boolean }) => (
  <DialogActions>
    <Button onClick={close}>Cancel</Button>
    <Button type="submit" kind="primary" isBusy={isBusy}>
      {label}
    </Button>
  </DialogActions>
);

const Fields = ({ form, isNew }: { form: LimitFormState; isNew: boolean }) => (
  <>
    <Field label="Name" error={form.errors.name && "Enter a name of at most 120 characters."}>
      {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Monthly budget" />}
    </Field>
    <AmountFields form={form} isNew={isNew} />
    <ScopeFields form={form} isNew={isNew} />
    <RuleFields form={form} />
    <Failure text={form.failure} />
  </>
);

/** The fields of the input that a change may contain. */
const changesOf = (body: object) =>
  LimitPatch.parse(Object.fromEntries(Object.entries(body).filter(([field]) => field in LimitPatch.shape)));
