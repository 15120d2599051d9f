import type { AnnotationQuestionType } from "@treadle/contract";

/** What is wrong with a question as it is written, in the words of its form. */
export function messageOf(
  issue: { path: readonly PropertyKey[]; message: string } | undefined,
  type: AnnotationQuestionType,
): string {
  const [field, ...rest] = issue?.path.map(String) ?? [];
  if (field === "title") return "Write what is asked, in at most 300 characters.";
  if (field === "key") return `Its key: ${issue?.message ?? "is wrong"}.`;
  if (field === "options" && rest.length === 0)
    return type === "ranking"
      ? "Write two options or more, or none to rank the answers of the item."
      : `Write two options or more, one on a line${issue?.message.includes("same") ? "; two are the same" : ""}.`;
  if (field === "options") return `Option ${Number(rest[0]) + 1}: ${issue?.message}.`;
  if (field === "criteria") return "Write one criterion or more, one on a line, each only once.";
  if (field === "min" || field === "max") return "Steps are whole numbers from 0 to 100.";
  if (field === "field") return "Name the field of the item, such as output.";
  return issue?.message ?? "It cannot be read.";
}
