import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { Feedback } from "./use-feedback.ts";

/** What somebody said, as a word or a number; a yes or no has its sign beside the word. */
export function FeedbackValue({ feedback: { value, signal } }: { feedback: Pick<Feedback, "value" | "signal"> }) {
  if (value === null) return null;
  if (typeof value === "boolean" && signal === null) {
    const Icon = value ? ThumbsUp : ThumbsDown;
    return (
      <span className={`inline-flex items-center gap-1 font-medium ${value ? "text-good" : "text-bad"}`}>
        <Icon aria-hidden size={13} /> {value ? "yes" : "no"}
      </span>
    );
  }
  if (typeof value === "boolean") return null;
  return (
    <span className="num font-medium [overflow-wrap:anywhere]">
      {typeof value === "number" ? Number(value.toPrecision(6)) : value}
    </span>
  );
}

/** Who said it: an application's user, a person of the project, a key, or somebody who is not known. */
export function giverOf({ userId, givenBy, source }: Pick<Feedback, "userId" | "givenBy" | "source">): string {
  if (userId !== "") return userId;
  if (givenBy !== "" && source !== "widget") return givenBy;
  return source === "widget" ? "an end user" : "not named";
}
