import { Link } from "@tanstack/react-router";
import type { LiveRuleInput } from "@treadle/contract";
import { X } from "lucide-react";
import { useId } from "react";
import type { z } from "zod";
import { IconButton } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { fieldsOf } from "../../../components/form/schema-fields.ts";
import { type ScorerKind, useKinds, useScorers } from "../scorers/index.ts";

type Ref = z.input<typeof LiveRuleInput>["scorers"][number];
type ChoiceProps = {
  chosen: readonly Ref[];
  /** The score names of the saved rule, by position. */
  names: readonly string[];
  error: string | undefined;
  onChange: (next: readonly Ref[]) => void;
};

/** Scorer inputs that new spans do not have. */
const LACKING: ReadonlySet<string> = new Set(["expected", "tools"]);
const canScore = ({ needs }: ScorerKind) => !needs.some((need) => LACKING.has(need));
const isReady = ({ params }: ScorerKind) => !fieldsOf(params).some(({ isRequired }) => isRequired);

/** The scorers of a rule: stored ones, and kinds that need no settings. */
export function ScorerChoice({ chosen, names, error, onChange }: ChoiceProps) {
  const id = useId();
  const kinds = useKinds();
  const stored = useScorers({ search: "", isArchived: false });
  const usable = kinds.data?.filter(canScore) ?? [];
  const own =
    stored.data?.pages.flatMap(({ items }) => items).filter(({ kind }) => usable.some((one) => one.kind === kind)) ??
    [];
  const labelOf = (ref: Ref, at: number) =>
    "kind" in ref
      ? (ref.name ?? kinds.data?.find(({ kind }) => kind === ref.kind)?.label ?? ref.kind)
      : (own.find(({ scorerId, name }) => scorerId === ref.scorer || name === ref.scorer)?.name ??
        names[at] ??
        ref.scorer);
  const isChosen = (key: string) => chosen.some((ref) => ("kind" in ref ? `kind ${ref.kind}` : ref.scorer) === key);
  function add(key: string) {
    if (key === "") return;
    onChange([...chosen, key.startsWith("kind ") ? { kind: key.slice(5) } : { scorer: key }]);
  }
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        Scorers
      </label>
      {chosen.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 pb-1">
          {chosen.map((ref, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the same kind can appear twice with different settings.
              key={at}
              className="flex items-center gap-1 rounded-control border border-line bg-raised pl-2"
            >
              <span className="[overflow-wrap:anywhere]">{labelOf(ref, at)}</span>
              <IconButton
                size="small"
                label={`Remove ${labelOf(ref, at)}`}
                onClick={() => onChange(chosen.filter((_, place) => place !== at))}
              >
                <X size={14} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Select id={id} value="" aria-invalid={error ? true : undefined} onChange={({ target }) => add(target.value)}>
        <option value="">Add scorer…</option>
        <optgroup label="Stored in this project">
          {own.map(({ scorerId, name }) => (
            <option key={scorerId} value={scorerId} disabled={isChosen(scorerId)}>
              {name}
            </option>
          ))}
        </optgroup>
        <optgroup label="Kinds without settings">
          {usable.filter(isReady).map(({ kind, label }) => (
            <option key={kind} value={`kind ${kind}`} disabled={isChosen(`kind ${kind}`)}>
              {label}
            </option>
          ))}
        </optgroup>
      </Select>
      <p className={`text-xs ${error ? "text-bad" : "text-muted"}`}>
        {error ? (
          "Add at least one scorer."
        ) : (
          <>
            Judges and other scorers with settings must be{" "}
            <Link to="/scorers/new" className="underline underline-offset-2">
              stored first
            </Link>
            . Scorers that need an expected answer cannot score live traffic.
          </>
        )}
      </p>
    </div>
  );
}
