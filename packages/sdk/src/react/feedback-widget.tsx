import { useId, useState } from "react";
import { type FeedbackState, type FeedbackTarget, useFeedback } from "./use-feedback.ts";

/** Everything the widget says, so that it can say it in another language. */
export type FeedbackWords = {
  readonly question: string;
  readonly yes: string;
  readonly no: string;
  readonly comment: string;
  readonly correction: string;
  readonly send: string;
  readonly thanks: string;
  readonly again: string;
};

export type FeedbackWidgetProps = FeedbackTarget & {
  /** The score that the thumbs give. */
  readonly name?: string;
  /** Asks, after a thumb down, what should have been answered. */
  readonly asksForCorrection?: boolean;
  /** Whether models may be trained on it, as the user agreed; the project's default when left out. */
  readonly consent?: boolean;
  readonly words?: Partial<FeedbackWords>;
  readonly className?: string;
  /** Called after feedback was stored. */
  readonly onGiven?: (given: { readonly value: boolean; readonly comment: string }) => void;
};

const WORDS: FeedbackWords = {
  question: "Was this helpful?",
  yes: "Yes, it was helpful",
  no: "No, it was not helpful",
  comment: "Comment (optional)",
  correction: "Correct answer",
  send: "Send",
  thanks: "Thank you for your feedback.",
  again: "Try again",
};

const ROW = { display: "flex", alignItems: "center", gap: "8px", flexWrap: "wrap" } as const;
const COLUMN = { display: "flex", flexDirection: "column", gap: "8px", marginTop: "8px", maxWidth: "480px" } as const;
const FIELD = { font: "inherit", width: "100%", boxSizing: "border-box" } as const;

/**
 * Thumbs under an answer. A press is sent immediately, and then a text field appears. Pressing the other thumb, or
 * sending a text, replaces the earlier feedback. The widget inherits the page's font and colors, and every part has a
 * class for styling.
 */
export function FeedbackWidget({ name = "helpful", asksForCorrection = false, ...props }: FeedbackWidgetProps) {
  const { state, give } = useFeedback(props);
  const [value, setValue] = useState<boolean>();
  const [comment, setComment] = useState("");
  const [correction, setCorrection] = useState("");
  const words = { ...WORDS, ...props.words };
  const questionId = useId();
  const isSending = state.kind === "sending";
  async function send(next: boolean) {
    setValue(next);
    const answer = next ? "" : correction.trim();
    const isKept = await give({
      name,
      value: next,
      consent: props.consent,
      ...(comment.trim() && { comment: comment.trim() }),
      ...(answer && { correction: answer }),
    });
    if (isKept) props.onGiven?.({ value: next, comment: comment.trim() });
  }
  return (
    <section className={`treadle-feedback ${props.className ?? ""}`} aria-labelledby={questionId}>
      <div style={ROW}>
        <span id={questionId} className="treadle-feedback-question">
          {words.question}
        </span>
        <Thumb label={words.yes} isUp isPressed={value === true} isSending={isSending} press={() => void send(true)} />
        <Thumb
          label={words.no}
          isUp={false}
          isPressed={value === false}
          isSending={isSending}
          press={() => void send(false)}
        />
      </div>
      {value !== undefined && (
        <form
          style={COLUMN}
          onSubmit={(event) => {
            event.preventDefault();
            void send(value);
          }}
        >
          <Words label={words.comment} text={comment} setText={setComment} />
          {asksForCorrection && !value && <Words label={words.correction} text={correction} setText={setCorrection} />}
          <div style={ROW}>
            <button
              type="submit"
              className="treadle-feedback-send"
              disabled={isSending || !(comment.trim() || correction.trim())}
            >
              {words.send}
            </button>
          </div>
        </form>
      )}
      <Outcome state={state} words={words} retry={() => value !== undefined && void send(value)} />
    </section>
  );
}

type ThumbProps = {
  readonly label: string;
  readonly isUp: boolean;
  readonly isPressed: boolean;
  readonly isSending: boolean;
  readonly press: () => void;
};

function Thumb({ label, isUp, isPressed, isSending, press }: ThumbProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={isSending}
      onClick={press}
      className="treadle-feedback-thumb"
      style={{ display: "inline-flex", padding: "6px", minWidth: "32px", minHeight: "32px" }}
    >
      <svg
        aria-hidden
        width="18"
        height="18"
        viewBox="0 0 24 24"
        fill={isPressed ? "currentColor" : "none"}
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
        style={isUp ? undefined : { transform: "rotate(180deg)" }}
      >
        <path d="M3 10h4v11H3zM7 10l4-8a3 3 0 0 1 3 3v4h5a2 2 0 0 1 2 2.4l-1.6 7.8A2.2 2.2 0 0 1 17.2 21H7z" />
      </svg>
    </button>
  );
}

type WordsProps = { readonly label: string; readonly text: string; readonly setText: (text: string) => void };

const Words = ({ label, text, setText }: WordsProps) => (
  <label className="treadle-feedback-words">
    <span>{label}</span>
    <textarea rows={3} maxLength={20_000} value={text} onChange={({ target }) => setText(target.value)} style={FIELD} />
  </label>
);

type OutcomeProps = { readonly state: FeedbackState; readonly words: FeedbackWords; readonly retry: () => void };

/** Announced to screen readers: success politely, errors immediately. */
function Outcome({ state, words, retry }: OutcomeProps) {
  return (
    <>
      <p role="status" className="treadle-feedback-thanks" style={{ margin: 0 }}>
        {state.kind === "kept" && words.thanks}
      </p>
      {state.kind === "failed" && (
        <p role="alert" className="treadle-feedback-failure">
          {state.message}{" "}
          <button type="button" onClick={retry}>
            {words.again}
          </button>
        </p>
      )}
    </>
  );
}
