import { connectionsApi } from "@treadle/contract";
import { Field, NumberInput, TextArea } from "../../../components/form/field.tsx";
import { helpOf, type useFormState } from "../../../components/form/form-state.ts";

const CREATE = connectionsApi["POST /api/v1/connections"].body;
type Form = ReturnType<typeof useFormState<typeof CREATE>>;

const DEFAULTS = { connectMs: 5_000, firstByteMs: 120_000, idleMs: 60_000, totalMs: 600_000 } as const;
const TIMEOUTS = [
  ["connectMs", "Connect", "Time to connect to the server"],
  ["firstByteMs", "First byte", "Time to the first byte of the response"],
  ["idleMs", "Idle", "Time between two chunks of a stream"],
  ["totalMs", "Total", "Time for the whole response"],
] as const;

/** Settings with good defaults: timeouts, retries, cache and headers. */
export function AdvancedFields({ form }: { form: Form }) {
  const timeouts = { ...DEFAULTS, ...form.values.timeouts };
  return (
    <div className="flex flex-col gap-4 rounded-control border border-line bg-bg p-3">
      <fieldset>
        <legend className="mb-1 text-sm font-medium">
          Timeouts <span className="font-normal text-muted">in milliseconds</span>
        </legend>
        <div className="grid grid-cols-4 gap-3 max-sm:grid-cols-2">
          {TIMEOUTS.map(([name, label, help]) => (
            <Field key={name} label={label} help={help}>
              {(field) => (
                <NumberInput
                  {...field}
                  min={100}
                  step={1}
                  value={timeouts[name]}
                  onChange={(event) =>
                    form.set({ timeouts: { ...timeouts, [name]: event.target.valueAsNumber || DEFAULTS[name] } })
                  }
                  onBlur={() => form.check("timeouts")}
                />
              )}
            </Field>
          ))}
        </div>
        {form.errors.timeouts && <p className="mt-1 text-xs text-bad">{form.errors.timeouts}</p>}
      </fieldset>
      <div className="grid grid-cols-2 gap-3">
        <Field
          label="Retries"
          help="How often to repeat a failed request. Treadle also waits for the time in Retry-After."
          error={form.errors.maxRetries}
        >
          {(field) => (
            <NumberInput {...field} {...form.number("maxRetries")} min={0} max={10} step={1} placeholder="2" />
          )}
        </Field>
        <Field
          label="Exact cache (seconds)"
          help={helpOf(CREATE, "cacheTtlSeconds")}
          error={form.errors.cacheTtlSeconds}
        >
          {(field) => <NumberInput {...field} {...form.number("cacheTtlSeconds")} min={0} step={1} placeholder="0" />}
        </Field>
      </div>
      <HeadersField form={form} />
    </div>
  );
}

function HeadersField({ form }: { form: Form }) {
  const text = Object.entries(form.values.headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return (
    <Field
      label="Headers"
      isOptional
      help={`One header per line, as Name: value. ${helpOf(CREATE, "headers") ?? ""}`}
      error={form.errors.headers}
    >
      {(field) => (
        <TextArea
          {...field}
          rows={2}
          defaultValue={text}
          onBlur={(event) => {
            const lines = event.target.value.split("\n").map((line) => /^([^:\s]+)\s*:\s*(.*)$/.exec(line.trim()));
            form.set({
              headers: Object.fromEntries(lines.flatMap((match) => (match?.[1] ? [[match[1], match[2] ?? ""]] : []))),
            });
          }}
          placeholder="x-team: search"
          className="font-mono text-sm"
        />
      )}
    </Field>
  );
}
