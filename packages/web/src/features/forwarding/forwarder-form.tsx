import { ForwarderInput } from "@treadle/contract";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Checkbox, Field, TextInput } from "../../components/field.tsx";
import { useFormState } from "../../components/form-state.ts";
import { toastDone } from "../../components/toast.tsx";
import { type Forwarder, useCreateForwarder, useUpdateForwarder } from "./use-forwarders.ts";

type Header = { id: number; name: string; value: string };
const headerOf = (id: number): Header => ({ id, name: "", value: "" });

/** Makes a forwarder, or changes one. Headers are secrets: they are never in a draft, and never come back. */
export function ForwarderForm({ forwarder, close }: { forwarder?: Forwarder; close: () => void }) {
  const create = useCreateForwarder();
  const update = useUpdateForwarder();
  const form = useFormState({ schema: ForwarderInput, initial: forwarder ? fieldsOf(forwarder) : { isEnabled: true } });
  const [headers, setHeaders] = useState<readonly Header[]>(forwarder ? [] : [headerOf(0)]);
  const kept = forwarder?.headerNames ?? [];
  const movesAway = kept.length > 0 && originOf(form.values.url) !== originOf(forwarder?.url);
  async function submit() {
    const given = headers.filter(({ name }) => name.trim() !== "");
    const isSaved = await form.submit((body) => {
      const all = {
        ...body,
        ...(given.length > 0 && {
          headers: Object.fromEntries(given.map(({ name, value }) => [name.trim(), value.trim()])),
        }),
      };
      if (!forwarder) return create.mutateAsync(all);
      const { since: _, headers: changed, ...rest } = all;
      const change = { ...rest, ...(given.length > 0 && { headers: changed }) };
      return update.mutateAsync({ forwarderId: forwarder.id, body: change });
    });
    if (!isSaved) return;
    toastDone(forwarder ? `Saved ${form.values.name}` : `Spans go to ${form.values.name} from now on`);
    close();
  }
  const edit = (id: number, change: Partial<Header>) =>
    setHeaders((old) => old.map((header) => (header.id === id ? { ...header, ...change } : header)));
  return (
    <Dialog title={forwarder ? `Edit ${forwarder.name}` : "New forwarder"} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="flex flex-col gap-4 text-base"
      >
        <Field label="Name" error={form.errors.name}>
          {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Collector" />}
        </Field>
        <Field label="Address" help="Of the receiver of OTLP over HTTP, with its path" error={form.errors.url}>
          {(field) => (
            <TextInput
              {...field}
              {...form.text("url")}
              type="url"
              required
              placeholder="https://collector.example.com/v1/traces"
              className="font-mono text-sm"
            />
          )}
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium">
            Headers <span className="ml-1 font-normal text-muted">optional</span>
          </legend>
          {kept.length > 0 && (
            <p className={`text-sm ${movesAway ? "rounded-control bg-warn-soft px-3 py-2" : "text-muted"}`}>
              {movesAway
                ? "Headers only ever go to the host they were given for. Saving with another host deletes them; enter them again."
                : `Kept: ${kept.join(", ")}. New ones replace them all.`}
            </p>
          )}
          {headers.map((header) => (
            <div key={header.id} className="flex items-center gap-2">
              <TextInput
                aria-label="Name of the header"
                value={header.name}
                onChange={(event) => edit(header.id, { name: event.target.value })}
                placeholder="authorization"
                className="max-w-48 font-mono text-sm"
              />
              <TextInput
                aria-label="Value of the header"
                type="password"
                autoComplete="off"
                value={header.value}
                onChange={(event) => edit(header.id, { value: event.target.value })}
                placeholder="Bearer …"
                className="font-mono text-sm"
              />
              <IconButton
                label="Remove the header"
                onClick={() => setHeaders((old) => old.filter(({ id }) => id !== header.id))}
              >
                <X size={14} />
              </IconButton>
            </div>
          ))}
          {form.errors.headers && <p className="text-xs text-bad">{form.errors.headers}</p>}
          <Button
            size="small"
            className="self-start"
            onClick={() => setHeaders((old) => [...old, headerOf((old.at(-1)?.id ?? 0) + 1)])}
          >
            <Plus aria-hidden size={14} /> Add a header
          </Button>
        </fieldset>
        <Field
          label="Filter"
          isOptional
          help="Which spans go, in the filter language; empty for all"
          error={form.errors.filter}
        >
          {(field) => (
            <TextInput
              {...field}
              {...form.text("filter")}
              placeholder="kind:generation -status:cancelled"
              className="font-mono text-sm"
            />
          )}
        </Field>
        <Checkbox
          label="Send inputs, outputs and tool arguments too"
          checked={form.values.includesContent ?? true}
          onChange={(event) => form.set({ includesContent: event.target.checked })}
        />
        <Checkbox
          label="In use"
          checked={form.values.isEnabled ?? true}
          onChange={(event) => form.set({ isEnabled: event.target.checked })}
        />
        {form.failure && (
          <p role="alert" className="text-bad">
            {form.failure}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {forwarder ? "Save" : "Start sending"}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function originOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : "";
}

const fieldsOf = ({ name, url, filter, includesContent, isEnabled }: Forwarder) => ({
  name,
  url,
  filter,
  includesContent,
  isEnabled,
});
