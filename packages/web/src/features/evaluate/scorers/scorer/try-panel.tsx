import { useState } from "react";
import { explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field } from "../../../../components/form/field.tsx";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type ScorerKind, useTry } from "../shared/use-scorers.ts";
import { fieldsFor, NOTHING_TYPED, readSample, type SampleField, type Typed } from "./sample.ts";
import { TryResult } from "./try-result.tsx";

const FIELDS: Readonly<Record<SampleField, { label: string; help: string; rows: string }>> = {
  input: { label: "Input", help: "Text, or the inputs of an item as JSON", rows: "min-h-14" },
  output: { label: "Answer", help: "The answer to score", rows: "min-h-20" },
  expected: {
    label: "Expected answer",
    help: "Text or JSON. Leave empty if there is none",
    rows: "min-h-14",
  },
  documents: {
    label: "Documents",
    help: "Retrieved documents, best first, separated by empty lines",
    rows: "min-h-20",
  },
  toolCalls: {
    label: "Tool calls",
    help: "JSON, in the order of the calls",
    rows: "min-h-14 font-mono text-xs",
  },
  metadata: {
    label: "Item metadata",
    help: "JSON with the fields that the settings use",
    rows: "min-h-14 font-mono text-xs",
  },
};

type PanelProps = { kind: ScorerKind; params: Readonly<Record<string, unknown>> };

/** Scores one sample with the current settings; nothing is stored. */
export function TryPanel({ kind, params }: PanelProps) {
  const { can } = useProject();
  const [typed, save] = useStored<Typed>("scorer-sample", NOTHING_TYPED);
  const [problem, setProblem] = useState<{ field: SampleField; text: string }>();
  const attempt = useTry();
  const fieldNames = fieldsFor(kind);
  const isPaid = kind.needs.includes("judge") || kind.needs.includes("embedding");
  function run() {
    const shown = Object.fromEntries(fieldNames.map((name) => [name, typed[name] ?? ""]));
    const read = readSample({ ...NOTHING_TYPED, ...shown });
    if ("problem" in read) return setProblem(read.problem);
    setProblem(undefined);
    attempt.mutate({ ref: { kind: kind.kind, params: { ...params } }, sample: read.sample });
  }
  return (
    <Section
      title="Test"
      description="Scores one answer with the current settings. Nothing is stored."
      className="sticky top-4 max-lg:static"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
        className="flex flex-col gap-3 px-4 pb-4"
      >
        {fieldNames.map((name) => (
          <Field
            key={name}
            label={FIELDS[name].label}
            help={FIELDS[name].help}
            error={problem?.field === name ? problem.text : undefined}
          >
            {(field) => (
              <GrowingText
                {...field}
                value={typed[name] ?? ""}
                onChange={({ target }) => save({ ...typed, [name]: target.value })}
                className={FIELDS[name].rows}
              />
            )}
          </Field>
        ))}
        <div className="flex flex-wrap items-center justify-end gap-2">
          {isPaid && <p className="mr-auto text-xs text-muted">Model calls cost money.</p>}
          <Button type="submit" isBusy={attempt.isPending} disabled={!can("scorers:write")}>
            Run test
          </Button>
        </div>
        <Failure text={attempt.error ? explain(attempt.error) : undefined} />
        <div aria-live="polite">
          {attempt.data && <TryResult tried={attempt.data} output={kind.output} isOld={attempt.isPending} />}
        </div>
      </form>
    </Section>
  );
}
