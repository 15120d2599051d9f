import { ForwarderInput } from "@treadle/contract";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { useFormState } from "../../../components/form/form-state.ts";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { type Forwarder, useCreateForwarder, useUpdateForwarder } from "./use-forwarders.ts";

type Header = { readonly name: string; readonly value: string };
const NO_HEADER: Header = { name: "", value: "" };

/** Makes a forwarder, or changes one. Headers are secrets: they are never in a draft, and never come back. */
export function ForwarderForm({ forwarder, close }: { forwarder?: Forwarder; close: () => void }) {
  const create = useCreateForwarder();
  const update = useUpdateForwarder();
  const form = useFormState({ schema: ForwarderInput, initial: forwarder ? fieldsOf(forwarder) : { isEnabled: true } });
  const [headers, setHeaders] = useState<readonly Header[]>(forwarder ? [] : [NO_HEADER]);
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
      return update.mutateAsync({ forwarderId: forwarder.forwarderId, body: change });
    });
    if (!isSaved) return;
    toastDone(
      forwarder ? `Saved ${form.values.name}` : `Created ${form.values.name}. Treadle now forwards spans to it.`,
    );
    close();
  }
  return (
    <FormDialog
      title={forwarder ? `Edit ${forwarder.name}` : "New forwarder"}
      form={form}
      verb={forwarder ? "Save" : "Create forwarder"}
      onSubmit={submit}
      close={close}
    >
      <Field label="Name" error={form.errors.name}>
        {(field) => <TextInput {...field} {...form.text("name")} required autoFocus placeholder="Collector" />}
      </Field>
      <Field label="URL" help="The URL of the OTLP/HTTP receiver, with its path." error={form.errors.url}>
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
      <HeadersField
        headers={headers}
        onChange={setHeaders}
        stored={forwarder?.headerNames ?? []}
        movesAway={originOf(form.values.url) !== originOf(forwarder?.url)}
        error={form.errors.headers}
      />
      <Field
        label="Filter"
        isOptional
        help="The spans to forward, in the filter language. Leave empty for all spans."
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
        label="Include inputs, outputs and tool arguments"
        checked={form.values.includesContent ?? true}
        onChange={(event) => form.set({ includesContent: event.target.checked })}
      />
    </FormDialog>
  );
}

type HeadersProps = {
  headers: readonly Header[];
  onChange: (headers: readonly Header[]) => void;
  /** The names of the stored headers. Their values never come back. */
  stored: readonly string[];
  /** Whether the URL names another host than the stored headers were entered for. */
  movesAway: boolean;
  error: string | undefined;
};

function HeadersField({ headers, onChange, stored, movesAway, error }: HeadersProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">
        Headers <span className="ml-1 font-normal text-muted">optional</span>
      </legend>
      {stored.length > 0 && (
        <p className={`text-sm ${movesAway ? "rounded-control bg-warn-soft px-3 py-2" : "text-muted"}`}>
          {movesAway
            ? "Headers are sent only to the host they were entered for. Saving a different host deletes them. Enter them again."
            : `Stored: ${stored.join(", ")}. New headers replace all of them.`}
        </p>
      )}
      <RowEditor
        rows={headers}
        onChange={onChange}
        blank={NO_HEADER}
        addLabel="Add header"
        removeLabel={() => "Remove header"}
        removeSize="normal"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(header, change) => (
          <>
            <TextInput
              aria-label="Header name"
              value={header.name}
              onChange={({ target }) => change({ ...header, name: target.value })}
              placeholder="authorization"
              className="max-w-48 font-mono text-sm"
            />
            <TextInput
              aria-label="Header value"
              type="password"
              autoComplete="off"
              value={header.value}
              onChange={({ target }) => change({ ...header, value: target.value })}
              placeholder="Bearer …"
              className="font-mono text-sm"
            />
          </>
        )}
      </RowEditor>
    </fieldset>
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
