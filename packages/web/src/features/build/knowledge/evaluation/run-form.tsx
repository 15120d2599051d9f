import { RetrievalVariant, SEARCH_MODES, type SearchMode } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { whenDone } from "../../../../components/feedback/when-done.ts";
import { Button } from "../../../../components/form/button.tsx";
import { Field, NumberInput, Select } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { Base } from "../shared/use-bases.ts";
import { useVersionChoices } from "../shared/use-versions.ts";
import type { QuestionSet } from "./use-question-sets.ts";
import { useStartRun } from "./use-retrieval-runs.ts";

const MODE_WORDS: Readonly<Record<SearchMode, string>> = { hybrid: "Hybrid", words: "Words", meaning: "Meaning" };
type Draft = Partial<Record<"version" | "wordWeight" | "diversity" | "perDocument" | "limit", string>> & {
  readonly mode?: SearchMode;
};

const NUMBERS = [
  { name: "wordWeight", label: "Word weight", min: 0, max: 1, step: 0.05 },
  { name: "diversity", label: "Diversity", min: 0, max: 1, step: 0.05 },
  { name: "perDocument", label: "Per document", min: 0, max: 50, step: 1 },
  { name: "limit", label: "Hits", min: 1, max: 100, step: 1 },
] as const;

/** Starts a run. The settings of the base are the defaults. */
export function RunForm({ base, set }: { base: Base; set: QuestionSet }) {
  const start = useStartRun(set.questionSetId);
  const [draft, setDraft] = useState<Draft>({});
  const body = bodyOf(base, draft);
  const error = RetrievalVariant.safeParse(body).error?.issues[0];
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!error) void whenDone(start.mutateAsync(body), () => toastDone("The run has started."));
  }
  return (
    <Section title="New run" description="Searches all questions with these settings and measures the rankings.">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 px-4 pb-4">
        <VersionField base={base} value={draft.version} onChange={(version) => setDraft({ ...draft, version })} />
        <ModeField value={draft.mode ?? base.searching.mode} onChange={(mode) => setDraft({ ...draft, mode })} />
        <NumberFields base={base} draft={draft} onChange={setDraft} />
        <Button type="submit" kind="primary" isBusy={start.isPending} disabled={error !== undefined}>
          Start run
        </Button>
      </form>
    </Section>
  );
}

type NumbersProps = { base: Base; draft: Draft; onChange: (draft: Draft) => void };

const NumberFields = ({ base, draft, onChange }: NumbersProps) => (
  <>
    {NUMBERS.map(({ name, label, ...range }) => (
      <Field key={name} label={label} className="w-28">
        {(field) => (
          <NumberInput
            {...field}
            {...range}
            value={draft[name] ?? String(defaultOf(base, name))}
            onChange={({ target }) => onChange({ ...draft, [name]: target.value })}
          />
        )}
      </Field>
    ))}
  </>
);

const HITS = 50;
const defaultOf = ({ searching }: Base, name: (typeof NUMBERS)[number]["name"]) =>
  name === "limit" ? HITS : searching[name];

function bodyOf(base: Base, draft: Draft) {
  const numberOf = (name: (typeof NUMBERS)[number]["name"]) => Number(draft[name] ?? defaultOf(base, name));
  return {
    ...(draft.version && { version: Number(draft.version) }),
    limit: numberOf("limit"),
    searching: {
      mode: draft.mode ?? base.searching.mode,
      wordWeight: numberOf("wordWeight"),
      diversity: numberOf("diversity"),
      perDocument: numberOf("perDocument"),
    },
  };
}

type VersionProps = { base: Base; value: string | undefined; onChange: (version: string) => void };

function VersionField({ base, value, onChange }: VersionProps) {
  const versions = useVersionChoices(base.knowledgeBaseId).data ?? [];
  return (
    <Field label="Version" className="w-40">
      {(field) => (
        <Select {...field} value={value ?? ""} onChange={({ target }) => onChange(target.value)}>
          <option value="">Live version</option>
          {versions.map(({ version }) => (
            <option key={version} value={version}>
              Version {version}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

const ModeField = ({ value, onChange }: { value: SearchMode; onChange: (mode: SearchMode) => void }) => (
  <Field label="Mode" className="w-32">
    {(field) => (
      <Select
        {...field}
        value={value}
        onChange={({ target }) => onChange(SEARCH_MODES.find((mode) => mode === target.value) ?? value)}
      >
        {SEARCH_MODES.map((mode) => (
          <option key={mode} value={mode}>
            {MODE_WORDS[mode]}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
