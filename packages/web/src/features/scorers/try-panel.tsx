import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field } from "../../components/field.tsx";
import { GrowingText } from "../../components/growing-text.tsx";
import { Section } from "../../components/page.tsx";
import { useStored } from "../../components/stored-state.ts";
import { useProject } from "../session/index.ts";
import { fieldsFor, NOTHING_TYPED, readSample, type SampleField, type Typed } from "./sample.ts";
import { TryResult } from "./try-result.tsx";
import { type ScorerKind, useTry } from "./use-scorers.ts";

const FIELDS: Readonly<Record<SampleField, { label: string; help: string; rows: string }>> = {
  input: { label: "What was asked", help: "Text, or the inputs of an item as JSON", rows: "min-h-14" },
  output: { label: "The answer", help: "What is scored", rows: "min-h-20" },
  expected: {
    label: "The expected answer",
    help: "Text or JSON; empty when nobody said what is expected",
    rows: "min-h-14",
  },
  documents: {
    label: "Documents",
    help: "What was retrieved, the best first, with an empty line between two",
    rows: "min-h-20",
  },
  toolCalls: {
    label: "Tool calls",
    help: "As JSON, in the order in which they were made",
    rows: "min-h-14 font-mono text-xs",
  },
  metadata: {
    label: "Metadata of the item",
    help: "As JSON, such as the fields that the settings name",
    rows: "min-h-14 font-mono text-xs",
  },
};

type PanelProps = { kind: ScorerKind; params: Readonly<Record<string, unknown>> };

/** Scores one sample with the settings as they are in the form; nothing is kept. */
export function TryPanel({ kind, params }: PanelProps) {
  const { can } = useProject();
  const [typed, save] = useStored<Typed>("scorer-sample", NOTHING_TYPED);
  const [problem, setProblem] = useState<{ field: SampleField; text: string }>();
  const attempt = useTry();
  const asked = fieldsFor(kind);
  const isPaid = kind.needs.includes("judge") || kind.needs.includes("embedding");
  function run() {
    const shown = Object.fromEntries(asked.map((name) => [name, typed[name] ?? ""]));
    const read = readSample({ ...NOTHING_TYPED, ...shown });
    if ("problem" in read) return setProblem(read.problem);
    setProblem(undefined);
    attempt.mutate({ ref: { kind: kind.kind, params: { ...params } }, sample: read.sample });
  }
  return (
    <Section
      title="Try it"
      description="On one answer, with the settings as they stand. Nothing is kept."
      className="sticky top-4 max-lg:static"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
        className="flex flex-col gap-3 px-4 pb-4"
      >
        {asked.map((name) => (
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
          {isPaid && <p className="mr-auto text-xs text-muted">The calls of the model are paid for.</p>}
          <Button type="submit" isBusy={attempt.isPending} disabled={!can("scorers:write")}>
            Score it
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
