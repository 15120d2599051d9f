import { Field, TextInput } from "../../../components/form/field.tsx";
import { useSpanValues } from "../../observe/filter/index.ts";
import { ChoicesField } from "./choices-field.tsx";
import type { OffPolicyBody } from "./use-replays.ts";

type Kind = OffPolicyBody["metric"]["kind"];
export type MetricValues = { readonly kind: Kind; readonly score: string };
type FieldsProps = { values: MetricValues; onChange: (next: Partial<MetricValues>) => void };

const METRICS: readonly (readonly [Kind, string])[] = [
  ["error", "Error rate"],
  ["cost", "Cost per call"],
  ["latency", "Latency"],
  ["score", "Score"],
];

/** The metric of an estimate, and the name of a score. */
export const MetricFields = ({ values, onChange }: FieldsProps) => (
  <>
    <ChoicesField
      label="Metric"
      value={values.kind}
      choices={METRICS}
      onChange={(next) => onChange({ kind: METRICS.find(([kind]) => kind === next)?.[0] ?? values.kind })}
    />
    {values.kind === "score" && <ScoreName values={values} onChange={onChange} />}
  </>
);

function ScoreName({ values, onChange }: FieldsProps) {
  const names = useSpanValues("scoreName", { range: "7d" }, "").data?.items ?? [];
  return (
    <Field label="Score name">
      {(field) => (
        <>
          <TextInput
            {...field}
            required
            list="replay-scores"
            value={values.score}
            placeholder="helpful"
            onChange={({ target }) => onChange({ score: target.value })}
          />
          <datalist id="replay-scores">
            {names.map(({ value }) => (
              <option key={value} value={value} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
