import type { KnowledgeDocument } from "./use-documents.ts";

type State = KnowledgeDocument["state"];

/** The states in the order of their flow, with their words. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  waiting: "waiting",
  parsed: "parsed",
  indexed: "indexed",
  failed: "failed",
  quarantined: "quarantined",
};
const LOOKS: Readonly<Record<State, string>> = {
  waiting: "text-muted",
  parsed: "text-info",
  indexed: "text-good",
  failed: "text-bad",
  quarantined: "text-warn",
};
const HINTS: Readonly<Record<State, string>> = {
  waiting: "It is parsed next.",
  parsed: "The next version includes it.",
  indexed: "It is in the newest version.",
  failed: "It was not parsed.",
  quarantined: "It is not indexed, because it may hold an attack.",
};

/** The state of a document: a dot and a word. */
export const DocumentStateMark = ({ state }: { state: State }) => (
  <span className={`text-sm whitespace-nowrap ${LOOKS[state]}`} title={HINTS[state]}>
    ● {STATE_WORDS[state]}
  </span>
);

/** The numbers of documents by state, without the indexed ones, such as `3 waiting, 1 failed`. */
export const StateCounts = ({ states }: { states: Readonly<Record<string, number>> }) => {
  const shown = (Object.keys(STATE_WORDS) as State[]).filter(
    (state) => state !== "indexed" && (states[state] ?? 0) > 0,
  );
  return (
    <>
      {shown.map((state) => (
        <span key={state} className={`num text-xs whitespace-nowrap ${LOOKS[state]}`}>
          {states[state]} {STATE_WORDS[state]}
        </span>
      ))}
    </>
  );
};
