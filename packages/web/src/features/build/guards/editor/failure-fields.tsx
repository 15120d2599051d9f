import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { Field, Select } from "../../../../components/form/field.tsx";
import { answersLate } from "../shared/detector-words.ts";
import { REASON_WORDS, type Reason } from "../shared/guard-words.ts";
import type { RuleDraft } from "../shared/policy-draft.ts";
import type { RuleFieldsProps } from "./field-props.ts";

const REASONS = Object.keys(REASON_WORDS) as Reason[];

/** What happens to content that the rule cannot scan. */
export function FailureFields({ rule, name, onChange }: RuleFieldsProps) {
  const [isOpen, setIsOpen] = useState(Object.keys(rule.failure).length > 0);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)} className="group min-w-0">
      <summary className="flex items-center gap-1.5 text-sm font-medium">
        <ChevronRight aria-hidden size={14} className="text-muted transition-transform group-open:rotate-90" />
        If a text cannot be scanned
      </summary>
      <div className="mt-2 grid grid-cols-3 gap-4 max-sm:grid-cols-1">
        {REASONS.map((reason) => (
          <Field key={reason} label={REASON_WORDS[reason].label} help={REASON_WORDS[reason].words}>
            {(field) => (
              <Select
                {...field}
                aria-label={`${REASON_WORDS[reason].label}, ${name}`}
                value={rule.failure[reason] ?? ""}
                onChange={({ target }) => onChange(withFailure(rule, reason, target.value))}
              >
                <option value="">{isClosedByDefault(rule, reason) ? "Block (default)" : "Let pass (default)"}</option>
                <option value="open">Let pass</option>
                <option value="closed">Block</option>
              </Select>
            )}
          </Field>
        ))}
      </div>
    </details>
  );
}

/** As the server decides it. */
const isClosedByDefault = ({ detector, action }: RuleDraft, reason: Reason) =>
  reason !== "unknown-content" && action !== "observe" && action !== "flag" && !answersLate(detector);

function withFailure(rule: RuleDraft, reason: Reason, choice: string): RuleDraft {
  const { [reason]: _, ...others } = rule.failure;
  const next = choice === "open" || choice === "closed" ? { [reason]: choice } : {};
  return { ...rule, failure: { ...others, ...next } };
}
