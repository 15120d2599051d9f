import { Flag, MessageSquare, SkipForward, Trash2, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import type { Outcome } from "../item/answering-desk.ts";

type BarProps = {
  isComplete: boolean;
  canUndo: boolean;
  comments: number;
  give: (outcome: Outcome) => void;
  undo: () => void;
  discuss: () => void;
};

/** The actions for the current item; at the bottom of the screen on a phone. */
export function AnswerBar({ isComplete, canUndo, comments, give, undo, discuss }: BarProps) {
  return (
    <div className="sticky bottom-0 flex shrink-0 flex-wrap items-center gap-1 border-line border-t bg-panel px-4 py-2.5">
      <IconButton label="Undo last answer (u)" disabled={!canUndo} onClick={undo}>
        <Undo2 size={16} />
      </IconButton>
      <IconButton label="Discard: this item cannot be answered (d)" onClick={() => give("discarded")}>
        <Trash2 size={16} />
      </IconButton>
      <IconButton label="Flag: something is wrong with this item (f)" onClick={() => give("flagged")}>
        <Flag size={16} />
      </IconButton>
      <IconButton
        label={comments > 0 ? `Comments: ${formatNumberOf(comments, "comment")} (c)` : "Comment (c)"}
        onClick={discuss}
      >
        <MessageSquare size={16} className={comments > 0 ? "text-accent" : ""} />
      </IconButton>
      <span className="ml-auto flex gap-2">
        <Button onClick={() => give("skipped")} title="Another annotator gets this item">
          <SkipForward aria-hidden size={14} /> Skip <Key>s</Key>
        </Button>
        <Button kind={isComplete ? "primary" : "plain"} data-answer onClick={() => give("submitted")}>
          Submit <Key>⏎</Key>
        </Button>
      </span>
    </div>
  );
}

const Key = ({ children }: { children: ReactNode }) => (
  <kbd aria-hidden className="text-xs opacity-70 max-md:hidden">
    {children}
  </kbd>
);
