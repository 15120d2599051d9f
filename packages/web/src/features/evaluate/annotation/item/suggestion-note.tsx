import type { AnnotationSuggestion } from "@treadle/contract";
import { Sparkles } from "lucide-react";
import { wordsOfValue } from "./value-words.ts";

/** The suggested answer of a judge or a model. */
export function SuggestionNote({
  suggestion,
  isAfter = false,
}: {
  suggestion: AnnotationSuggestion;
  isAfter?: boolean;
}) {
  const { agent, answers, reason } = suggestion;
  const answerTexts = Object.entries(answers).map(([key, value]) => `${key}: ${wordsOfValue(value)}`);
  return (
    <p className={`flex items-start gap-2 text-xs text-muted ${isAfter ? "" : "mb-3 rounded-card bg-raised p-2"}`}>
      <Sparkles aria-hidden size={13} className="mt-px shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {isAfter ? "Previous item: " : ""}
        {agent || "judge"} suggests {answerTexts.join(", ")}
        {reason && `: ${reason.slice(0, 300)}`}
      </span>
    </p>
  );
}
