import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, NumberInput, Select, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { Scorer } from "../shared/use-scorers.ts";
import { useCalibrationChanges, useScoredRuns } from "./use-calibrations.ts";

const SOURCES = ["run", "spans"] as const;
const SOURCE_WORDS = { run: "Run", spans: "Live traffic" } as const;

type FormProps = { scorer: Scorer; onMade: (calibrationId: string) => void };

/** The source of answers that both people and the scorer rated. */
export function CalibrationForm({ scorer, onMade }: FormProps) {
  const runs = useScoredRuns(scorer.name);
  const { create } = useCalibrationChanges();
  const [kind, setKind] = useState<(typeof SOURCES)[number]>("run");
  const [runId, setRunId] = useState("");
  const [label, setLabel] = useState("");
  const [passAt, setPassAt] = useState<number | null>(null);
  const run = runs.data?.find((one) => one.runId === runId) ?? runs.data?.[0];
  const key = run?.scorers.find(({ name }) => name === scorer.name)?.key ?? scorer.name;
  const isReady = label.trim() !== "" && (kind === "spans" || run !== undefined);
  const begin = () =>
    create.mutate(
      {
        scorer: scorer.scorerId,
        source:
          kind === "run"
            ? { kind, runId: run?.runId ?? "", scorer: key, label: label.trim() }
            : { kind, score: scorer.name, label: label.trim() },
        passAt,
      },
      { onSuccess: ({ calibrationId }) => onMade(calibrationId) },
    );
  return (
    <Section title="Compare with people" description="Uses answers that both people and the scorer rated.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) begin();
        }}
        className="flex flex-col gap-3 px-4 pb-4"
      >
        <div>
          <Choice label="Source" names={SOURCES} words={SOURCE_WORDS} chosen={kind} onChoose={setKind} />
        </div>
        {kind === "run" && (
          <Field
            label="Run"
            help={runs.data?.length === 0 ? "No runs with this scorer yet" : "A run whose answers this scorer rated"}
          >
            {(field) => (
              <Select {...field} value={run?.runId ?? ""} onChange={({ target }) => setRunId(target.value)}>
                {!run && <option value="">none</option>}
                {runs.data?.map((one) => (
                  <option key={one.runId} value={one.runId}>
                    {[one.name, one.experimentName].filter(Boolean).join(" · ")}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field
          label="Human rating"
          help={
            kind === "run"
              ? "The field of an item that holds the rating, such as metadata.human"
              : "The name of the human scores, such as thumbs"
          }
        >
          {(field) => (
            <TextInput
              {...field}
              placeholder={kind === "run" ? "metadata.human" : "thumbs"}
              value={label}
              onChange={({ target }) => setLabel(target.value)}
            />
          )}
        </Field>
        <Field
          label="Pass threshold"
          isOptional
          help="Scores from this value on count as a pass, for people and for the scorer"
        >
          {(field) => (
            <NumberInput
              {...field}
              value={passAt ?? ""}
              onChange={({ target }) => setPassAt(Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber)}
            />
          )}
        </Field>
        <Failure text={create.error ? explain(create.error) : undefined} />
        <Button type="submit" kind="primary" disabled={!isReady} isBusy={create.isPending} className="self-end">
          Compare
        </Button>
      </form>
    </Section>
  );
}
