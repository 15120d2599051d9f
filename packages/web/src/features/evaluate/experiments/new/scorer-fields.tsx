import { ArrowUp, X } from "lucide-react";
import { IconButton } from "../../../../components/form/button.tsx";
import { fieldsOf } from "../../../../components/form/schema-fields.ts";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { outputWords, type ScorerKind, useKinds, useModelNames } from "../../scorers/index.ts";
import { AddScorer } from "./add-scorer.tsx";
import type { DraftScorer, Problems, ScorersDraft } from "./experiment-draft.ts";

type FieldsProps = {
  draft: ScorersDraft;
  change: (next: ScorersDraft) => void;
  problems: Problems;
  /** The help text without scorers. */
  none: string;
};

/** The scorers. The first one is the main score, which sorts lists, stops early and feeds charts. */
export function ScorerFields({ draft, change, problems, none }: FieldsProps) {
  const kinds = useKinds();
  const { scorers } = draft;
  const add = (scorer: DraftScorer) => change({ scorers: [...scorers, scorer] });
  const lead = (id: string) =>
    change({ scorers: scorers.toSorted((first, second) => Number(second.id === id) - Number(first.id === id)) });
  return (
    <Section
      title="Scorers"
      description="Scorers rate the answers. The first one is the main score."
      action={<AddScorer onAdd={add} />}
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

/** The settings of a kind, open if it has required ones. */
function Settings({ scorer, kind, onChange }: SettingsProps) {
  const models = useModelNames(kind);
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
