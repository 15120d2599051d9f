import { ThumbsDown, ThumbsUp } from "lucide-react";
import type { Feedback } from "./use-feedback.ts";

/** The feedback value as a word or a number; a yes or no has an icon. */
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

/** The author of the feedback: an end user, a project member, an API key or anonymous. */
export function giverOf({ userId, givenBy, source }: Pick<Feedback, "userId" | "givenBy" | "source">): string {
  if (userId !== "") return userId;
  if (givenBy !== "" && source !== "widget") return givenBy;
  return source === "widget" ? "end user" : "anonymous";
}
