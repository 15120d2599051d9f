import { Undo2 } from "lucide-react";
import { JsonView } from "../../../components/content/json-tree.tsx";
import { IconButton } from "../../../components/form/button.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { FoldedText } from "../../../components/text/folded-text.tsx";
import { SOURCE_WORDS } from "./feedback-search.ts";
import { FeedbackValue, giverOf } from "./feedback-value.tsx";
import type { Feedback } from "./use-feedback.ts";

type ItemProps = { feedback: Feedback; retract: (() => void) | undefined };

/** One person's feedback whole: what, who, from where, and what they wrote. */
export function FeedbackItem({ feedback, retract }: ItemProps) {
  const { name, comment, correction, expectedOutput, signal, signalDetail, source, time } = feedback;
  return (
    <li className="card flex flex-col gap-1.5 px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className="text-muted [overflow-wrap:anywhere]">{name}</span>
        <FeedbackValue feedback={feedback} />
        {signal && signal !== name && <span className="text-muted">{signal}</span>}
        <span className="ml-auto flex flex-wrap items-center gap-x-2 text-xs text-muted">
          <span className="[overflow-wrap:anywhere]">
            {giverOf(feedback)}, {SOURCE_WORDS[source]}
          </span>
          <AgoCell iso={time} />
          {retract && (
            <IconButton label={`Remove ${name}`} size="small" onClick={retract}>
              <Undo2 size={14} />
            </IconButton>
          )}
        </span>
      </div>
      {comment && <FoldedText text={comment} most={600} />}
      <Answer label="Correction" value={correction} />
      <Answer label="Expected output" value={expectedOutput} />
      {signalDetail !== null && (
        <code className="text-xs text-muted [overflow-wrap:anywhere]">{JSON.stringify(signalDetail)}</code>
      )}
    </li>
  );
}

/** A written answer: text as text, other JSON as a tree. */
export function Answer({ label, value }: { label: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <div className="border-line border-l-2 pl-2">
      <p className="text-xs text-muted">{label}</p>
      {typeof value === "string" ? <FoldedText text={value} most={600} /> : <JsonView value={value} label={label} />}
    </div>
  );
}
