import type { AnnotationSuggestion } from "@treadle/contract";
import { Sparkles } from "lucide-react";
import { wordsOfValue } from "./value-words.ts";

/** What a judge or a model would answer, named as such. */
export function SuggestionNote({
  suggestion,
  isAfter = false,
}: {
  suggestion: AnnotationSuggestion;
  isAfter?: boolean;
}) {
  const { agent, answers, reason } = suggestion;
  const said = Object.entries(answers).map(([key, value]) => `${key}: ${wordsOfValue(value)}`);
  return (
    <p className={`flex items-start gap-2 text-xs text-muted ${isAfter ? "" : "mb-3 rounded-card bg-raised p-2"}`}>
      <Sparkles aria-hidden size={13} className="mt-px shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {isAfter ? "Of the item before, " : ""}
        {agent || "a judge"} says {said.join(", ")}
        {reason && `: ${reason.slice(0, 300)}`}
      </span>
    </p>
  );
}
