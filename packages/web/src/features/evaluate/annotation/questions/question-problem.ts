import type { AnnotationQuestionType } from "@treadle/contract";

/** The error of a question, in the words of its form. */
export function messageOf(
  issue: { path: readonly PropertyKey[]; message: string } | undefined,
  type: AnnotationQuestionType,
): string {
  const [field, ...rest] = issue?.path.map(String) ?? [];
  if (field === "title") return "Enter a question of at most 300 characters.";
  if (field === "key") return `Key: ${issue?.message ?? "is invalid"}.`;
  if (field === "options" && rest.length === 0)
    return type === "ranking"
      ? "Enter at least two options, or none to rank the answers of the item."
      : `Enter at least two ${issue?.message.includes("same") ? "different " : ""}options, one per line.`;
  if (field === "options") return `Option ${Number(rest[0]) + 1}: ${issue?.message}.`;
  if (field === "criteria") return "Enter at least one criterion, each on its own line and only once.";
  if (field === "min" || field === "max") return "Steps must be whole numbers from 0 to 100.";
  if (field === "field") return "Enter the field of the item, such as output.";
  return issue?.message ?? "The question is invalid.";
}
