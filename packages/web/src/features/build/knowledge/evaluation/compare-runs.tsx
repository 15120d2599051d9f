import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Field, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ComparisonResult } from "./comparison-result.tsx";
import type { QuestionSet } from "./use-question-sets.ts";
import { type RetrievalRun, useRetrievalRuns, useRunComparison } from "./use-retrieval-runs.ts";

/** Compares two finished runs question by question. */
export function CompareRuns({ set }: { set: QuestionSet }) {
  const list = useRetrievalRuns(set.questionSetId);
  const runs = list.data?.pages.flatMap(({ items }) => items).filter(({ state }) => state === "done") ?? [];
  const [chosen, setChosen] = useState<{ base?: string; head?: string }>({});
  if (runs.length < 2) return null;
  const base = chosen.base ?? runs[1]?.retrievalRunId ?? "";
  const head = chosen.head ?? runs[0]?.retrievalRunId ?? "";
  return (
    <Section title="Compare runs">
      <div className="flex flex-col gap-4 px-4 pb-4">
        <div className="flex flex-wrap gap-4">
          <RunSelect label="Base" value={base} runs={runs} onChange={(next) => setChosen({ ...chosen, base: next })} />
          <RunSelect
            label="Compared run"
            value={head}
            runs={runs}
            onChange={(next) => setChosen({ ...chosen, head: next })}
          />
        </div>
        <Result base={base} head={head} />
      </div>
    </Section>
  );
}

type SelectProps = {
  label: string;
  value: string;
  runs: readonly RetrievalRun[];
  onChange: (value: string) => void;
};

const RunSelect = ({ label, value, runs, onChange }: SelectProps) => (
  <Field label={label} className="w-80 max-w-full">
    {(field) => (
      <Select {...field} value={value} onChange={({ target }) => onChange(target.value)}>
        {runs.map(({ retrievalRunId, name }, at) => (
          <option key={retrievalRunId} value={retrievalRunId}>
            {runs.length - at}. {name}
          </option>
        ))}
      </Select>
    )}
  </Field>
);

function Result({ base, head }: { base: string; head: string }) {
  const comparison = useRunComparison(base === head ? undefined : { base, head });
  if (base === head) return <p className="text-muted">Choose two different runs.</p>;
  if (comparison.error)
    return (
      <ErrorState error={comparison.error} retry={() => comparison.refetch()} title="The runs could not be compared" />
    );
  if (!comparison.data) return <Skeleton className="h-32 rounded-card" />;
  return <ComparisonResult comparison={comparison.data} />;
}
