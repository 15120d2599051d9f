import { ArrowDown, ArrowUp, ChevronRight, Copy, X } from "lucide-react";
import { IconButton } from "../../../../components/form/button.tsx";
import { ActionBadge } from "../shared/action-badge.tsx";
import { canRead, detectorLabel } from "../shared/detector-words.ts";
import { trustLabel } from "../shared/guard-words.ts";
import { ALL_TRUSTS, type RuleDraft } from "../shared/policy-draft.ts";
import { RuleFields } from "./rule-fields.tsx";
import type { PolicyForm } from "./use-policy-form.ts";

type CardProps = {
  rule: RuleDraft;
  /** From 0. */
  place: number;
  isLast: boolean;
  form: PolicyForm;
  canWrite: boolean;
  isOpen: boolean;
  onToggle: () => void;
  onChange: (rule: RuleDraft) => void;
  onMove: (to: number) => void;
  onCopy: () => void;
  onRemove: () => void;
};

/** A rule, closed to one line or open with its fields. */
export function RuleCard(props: CardProps) {
  const { rule, place, form, canWrite, isOpen, onChange } = props;
  const isWrong = form.hasErrorBelow(`rules.${place}`);
  return (
    <li
      data-rule={rule.id}
      aria-label={`Rule ${place + 1}: ${detectorLabel(rule.detector)}`}
      className={`min-w-0 rounded-card border ${isWrong ? "border-bad" : "border-line-strong"}`}
    >
      <div className="flex items-center gap-1 py-1.5 pr-2 pl-1">
        <CardTitle {...props} />
        {canWrite && <CardActions {...props} />}
      </div>
      {isOpen && (
        <fieldset disabled={!canWrite} className="min-w-0 border-line border-t p-4">
          <RuleFields rule={rule} path={`rules.${place}`} name={`rule ${place + 1}`} form={form} onChange={onChange} />
        </fieldset>
      )}
    </li>
  );
}

const CardTitle = ({ rule, place, form, isOpen, onToggle }: CardProps) => (
  <button
    type="button"
    aria-expanded={isOpen}
    onClick={onToggle}
    className="flex min-w-0 grow items-center gap-2 rounded-control px-1.5 py-1 text-left hover:bg-raised"
  >
    <ChevronRight
      aria-hidden
      size={14}
      className={`shrink-0 text-muted transition-transform ${isOpen ? "rotate-90" : ""}`}
    />
    <span className="num text-muted">{place + 1}</span>
    <span className="font-medium sm:shrink-0 max-sm:truncate">{detectorLabel(rule.detector)}</span>
    <ActionBadge action={rule.action} />
    <span className="min-w-0 truncate text-xs text-muted max-sm:hidden">{sourceWords(rule)}</span>
    {form.hasErrorBelow(`rules.${place}`) && (
      <span className="ml-auto shrink-0 text-xs text-bad max-sm:sr-only">needs a change</span>
    )}
  </button>
);

const CardActions = ({ place, isLast, onMove, onCopy, onRemove }: CardProps) => (
  <span className="flex shrink-0">
    <IconButton
      size="small"
      data-move="up"
      label={`Move rule ${place + 1} up`}
      disabled={place === 0}
      onClick={() => onMove(place - 1)}
    >
      <ArrowUp size={14} />
    </IconButton>
    <IconButton
      size="small"
      data-move="down"
      label={`Move rule ${place + 1} down`}
      disabled={isLast}
      onClick={() => onMove(place + 1)}
    >
      <ArrowDown size={14} />
    </IconButton>
    <IconButton size="small" label={`Duplicate rule ${place + 1}`} onClick={onCopy}>
      <Copy size={14} />
    </IconButton>
    <IconButton size="small" label={`Remove rule ${place + 1}`} onClick={onRemove}>
      <X size={14} />
    </IconButton>
  </span>
);

/** The sources that the rule reads, such as `User, Answers`. */
function sourceWords({ detector, scopes }: RuleDraft): string {
  const read = scopes.filter((trust) => canRead(detector, trust));
  if (read.length === ALL_TRUSTS.length) return "all texts";
  return read.length === 0 ? "no texts" : read.map(trustLabel).join(", ");
}
