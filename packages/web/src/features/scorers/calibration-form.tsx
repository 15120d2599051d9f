import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, NumberInput, Select, TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { useCalibrationChanges, useScoredRuns } from "./use-calibrations.ts";
import type { Scorer } from "./use-scorers.ts";

const SOURCES = ["run", "spans"] as const;
const SOURCE_WORDS = { run: "A run", spans: "Live traffic" } as const;

type FormProps = { scorer: Scorer; onMade: (calibrationId: string) => void };

/** Where people judged the same answers as the scorer. */
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
    <Section title="Compare with people" description="Answers that people judged as well as the scorer.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) begin();
        }}
        className="flex flex-col gap-3 px-4 pb-4"
      >
        <div>
          <Choice label="Where the answers are" names={SOURCES} words={SOURCE_WORDS} chosen={kind} onChoose={setKind} />
        </div>
        {kind === "run" && (
          <Field label="Run" help={runs.data?.length === 0 ? "No run was scored by it yet" : "Whose answers it scored"}>
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
          label="What people said"
          help={
            kind === "run"
              ? "Where an item holds it, such as metadata.human"
              : "The name of the scores that people gave, such as thumbs"
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
        <Field label="Passes from" isOptional help="Scores from here on count as a pass, of people and of the scorer">
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
