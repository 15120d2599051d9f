import { ArrowUp, Plus, X } from "lucide-react";
import { useState } from "react";
import { buttonLook, IconButton } from "../../components/button.tsx";
import { TextInput } from "../../components/field.tsx";
import { Section } from "../../components/page.tsx";
import { Popover } from "../../components/popover.tsx";
import { fieldsOf, initialOf } from "../../components/schema-fields.ts";
import { SchemaForm } from "../../components/schema-form.tsx";
import { outputWords, type Scorer, type ScorerKind, useJudgeNames, useKinds, useScorers } from "../scorers/index.ts";
import { type DraftScorer, newId, type Problems, type ScorersDraft } from "./experiment-draft.ts";

type FieldsProps = {
  draft: ScorersDraft;
  change: (next: ScorersDraft) => void;
  problems: Problems;
  /** What it means to have none. */
  none: string;
};

/** What scores the answers. The first scorer is the main one: sorting, early stops and charts go by it. */
export function ScorerFields({ draft, change, problems, none }: FieldsProps) {
  const kinds = useKinds();
  const { scorers } = draft;
  const add = (scorer: DraftScorer) => change({ scorers: [...scorers, scorer] });
  const lead = (id: string) =>
    change({ scorers: scorers.toSorted((first, second) => Number(second.id === id) - Number(first.id === id)) });
  return (
    <Section
      title="Scorers"
      description="What says how good an answer is. The first is the main score."
      action={<AddScorer kinds={kinds.data ?? []} onAdd={add} />}
    >
      {problems.scorers && <p className="px-4 pb-2 text-bad">{problems.scorers}</p>}
      {scorers.length === 0 ? (
        <p className="px-4 pb-4 text-muted">{none}</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {scorers.map((scorer, place) => (
            <li key={scorer.id} className="px-4 py-2">
              <div className="flex items-center gap-2">
                <span className="min-w-0 grow">
                  <span className="font-medium">{scorer.label}</span>
                  {place === 0 && (
                    <span className="ml-2 rounded border border-line bg-raised px-1.5 text-xs text-info">main</span>
                  )}
                  <span className="ml-2 text-xs text-muted">{wordsFor(scorer, kinds.data ?? [])}</span>
                </span>
                {place > 0 && (
                  <IconButton
                    size="small"
                    label={`Make ${scorer.label} the main score`}
                    onClick={() => lead(scorer.id)}
                  >
                    <ArrowUp size={14} />
                  </IconButton>
                )}
                <IconButton
                  size="small"
                  label={`Remove ${scorer.label}`}
                  onClick={() => change({ scorers: scorers.filter(({ id }) => id !== scorer.id) })}
                >
                  <X size={14} />
                </IconButton>
              </div>
              {problems[`scorers.${place}`] && <p className="text-xs text-bad">{problems[`scorers.${place}`]}</p>}
              {"kind" in scorer && (
                <Settings
                  scorer={scorer}
                  kind={kinds.data?.find(({ kind }) => kind === scorer.kind)}
                  onChange={(params) =>
                    change({ scorers: scorers.map((one) => (one.id === scorer.id ? { ...scorer, params } : one)) })
                  }
                />
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function wordsFor(scorer: DraftScorer, kinds: readonly ScorerKind[]): string {
  if (!("kind" in scorer)) return "stored in this project";
  const kind = kinds.find((one) => one.kind === scorer.kind);
  return kind ? outputWords(kind.output) : "";
}

type SettingsProps = {
  scorer: Extract<DraftScorer, { kind: string }>;
  kind: ScorerKind | undefined;
  onChange: (params: Readonly<Record<string, unknown>>) => void;
};

/** The settings of a kind, open when it needs any. */
function Settings({ scorer, kind, onChange }: SettingsProps) {
  const models = useJudgeNames();
  if (!kind || fieldsOf(kind.params).length === 0) return null;
  const needed = fieldsOf(kind.params).some(({ isRequired }) => isRequired);
  return (
    <details open={needed || undefined} className="mt-1">
      <summary className="text-xs text-muted">Settings</summary>
      <div className="mt-2 mb-1">
        <SchemaForm schema={kind.params} params={scorer.params} onChange={onChange} proposals={models} />
      </div>
    </details>
  );
}

function AddScorer({ kinds, onAdd }: { kinds: readonly ScorerKind[]; onAdd: (scorer: DraftScorer) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const take = (scorer: DraftScorer) => {
    setIsOpen(false);
    onAdd(scorer);
  };
  return (
    <Popover
      label="Add a scorer"
      align="end"
      isOpen={isOpen}
      setIsOpen={setIsOpen}
      trigger={
        <button type="button" className={buttonLook("plain", "small")}>
          <Plus aria-hidden size={13} /> Add a scorer
        </button>
      }
    >
      <Choices kinds={kinds} onStored={takeStored} onKind={takeKind} />
    </Popover>
  );
  function takeStored({ scorerId, name }: Scorer) {
    take({ id: newId(), scorer: scorerId, label: name });
  }
  function takeKind({ kind, label, params }: ScorerKind) {
    take({ id: newId(), kind, label, params: initialOf(params) });
  }
}

type ChoicesProps = {
  kinds: readonly ScorerKind[];
  onStored: (scorer: Scorer) => void;
  onKind: (kind: ScorerKind) => void;
};

function Choices({ kinds, onStored, onKind }: ChoicesProps) {
  const [word, setWord] = useState("");
  const stored = useScorers({ search: "", isArchived: false });
  const fits = (...texts: readonly string[]) => {
    const text = texts.join(" ").toLowerCase();
    return word
      .toLowerCase()
      .split(/\s+/)
      .every((part) => text.includes(part));
  };
  const own =
    stored.data?.pages
      .flatMap(({ items }) => items)
      .filter(({ name, kind, description }) => fits(name, kind, description)) ?? [];
  const found = kinds.filter(({ kind, label, summary, group }) => fits(kind, label, summary, group));
  return (
    <div className="flex w-100 max-w-[calc(100vw-24px)] flex-col">
      <div className="p-2">
        <TextInput
          type="search"
          aria-label="Search scorers"
          placeholder="What should be measured?"
          autoFocus
          value={word}
          onChange={({ target }) => setWord(target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            if (own[0]) onStored(own[0]);
            else if (found[0]) onKind(found[0]);
          }}
        />
      </div>
      <div className="max-h-96 overflow-y-auto border-line border-t p-1">
        {own.length > 0 && <h3 className="px-2 pt-1.5 pb-1 text-xs text-muted">Stored in this project</h3>}
        {own.map((scorer) => (
          <Row
            key={scorer.scorerId}
            label={scorer.name}
            help={scorer.description || scorer.kind}
            onClick={() => onStored(scorer)}
          />
        ))}
        {found.length > 0 && <h3 className="px-2 pt-1.5 pb-1 text-xs text-muted">Kinds</h3>}
        {found.map((kind) => (
          <Row key={kind.kind} label={kind.label} help={kind.summary} onClick={() => onKind(kind)} />
        ))}
        {own.length + found.length === 0 && <p className="px-2 py-3 text-muted">No scorer matches.</p>}
      </div>
    </div>
  );
}

function Row({ label, help, onClick }: { label: string; help: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex w-full flex-col rounded-control px-2 py-1.5 text-left -outline-offset-2 hover:bg-raised focus-visible:bg-raised"
    >
      <span className="font-medium">{label}</span>
      <span className="line-clamp-2 text-xs text-muted">{help}</span>
    </button>
  );
}
