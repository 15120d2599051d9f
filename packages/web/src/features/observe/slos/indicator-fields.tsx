import { Field, NumberInput, Select, TextInput } from "../../../components/form/field.tsx";
import { INDICATOR_WORDS } from "./slo-words.ts";
import type { SloFormState } from "./use-slo-form.ts";
import type { SloBody } from "./use-slos.ts";

type Indicator = SloBody["indicator"];
const KINDS = ["availability", "latency", "timeToFirstToken", "score", "guardBlocks"] as const;

/** An indicator of a kind, with its first values. */
function startOf(kind: string): Indicator {
  switch (kind) {
    case "latency":
      return { kind, thresholdMs: 2_000 };
    case "timeToFirstToken":
      return { kind, thresholdMs: 800 };
    case "score":
      return { kind, score: "", least: 0.5 };
    case "guardBlocks":
      return { kind };
    default:
      return { kind: "availability" };
  }
}

/** What makes a request good. */
export function IndicatorFields({ form }: { form: SloFormState }) {
  const indicator: Indicator = form.values.indicator ?? { kind: "availability" };
  const set = (next: Indicator) => form.set({ indicator: next });
  return (
    <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
      <Field label="Good requests" error={form.errors.indicator && "Complete the indicator: enter its threshold."}>
        {(field) => (
          <Select {...field} value={indicator.kind} onChange={({ target }) => set(startOf(target.value))}>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {INDICATOR_WORDS[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {"thresholdMs" in indicator && <ThresholdField indicator={indicator} set={set} />}
      {indicator.kind === "score" && <ScoreFields indicator={indicator} set={set} />}
    </div>
  );
}

type ThresholdProps = { indicator: Extract<Indicator, { thresholdMs: number }>; set: (next: Indicator) => void };

const ThresholdField = ({ indicator, set }: ThresholdProps) => (
  <Field label="Threshold (ms)" help="A slower request is bad.">
    {(field) => (
      <NumberInput
        {...field}
        required
        min={1}
        value={Number.isNaN(indicator.thresholdMs) ? "" : indicator.thresholdMs}
        onChange={({ target }) => set({ ...indicator, thresholdMs: target.valueAsNumber })}
      />
    )}
  </Field>
);

type ScoreProps = { indicator: Extract<Indicator, { kind: "score" }>; set: (next: Indicator) => void };

const ScoreFields = ({ indicator, set }: ScoreProps) => (
  <div className="grid grid-cols-2 gap-x-4 gap-y-1">
    <Field label="Score" help="Its name.">
      {(field) => (
        <TextInput
          {...field}
          required
          value={indicator.score}
          onChange={({ target }) => set({ ...indicator, score: target.value })}
          placeholder="helpful"
        />
      )}
    </Field>
    <Field label="At least" help="A lower score is bad.">
      {(field) => (
        <NumberInput
          {...field}
          required
          value={Number.isNaN(indicator.least) ? "" : indicator.least}
          onChange={({ target }) => set({ ...indicator, least: target.valueAsNumber })}
        />
      )}
    </Field>
    <p className="col-span-full text-xs text-pretty text-muted">
      A judge makes errors. Calibrate it with this score as its lowest passing score, and the SLO also shows the
      corrected share.
    </p>
  </div>
);
