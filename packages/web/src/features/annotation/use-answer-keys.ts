import type { AnnotationValues } from "@treadle/contract";
import { type KeyBinding, useKeys } from "../../components/keys.ts";
import { answerDigit, rank, ranksOf, type Stop } from "./answer-values.ts";
import type { Outcome } from "./answering-desk.ts";

type KeysOf = {
  stops: readonly Stop[];
  at: number;
  values: AnnotationValues;
  isShown: boolean;
  choose: (next: AnnotationValues, stop: number) => void;
  moveStop: (by: number) => void;
  move: (by: number) => void;
  give: (outcome: Outcome) => void;
  undo: () => void;
  open: (what: "guideline" | "discuss") => void;
};

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as const;

/** A pressed button or link means itself; anywhere else Enter sends the answers. */
function enter(submit: () => void) {
  const active = document.activeElement;
  const isOwn = active instanceof HTMLButtonElement || active instanceof HTMLAnchorElement;
  if (isOwn && !("answer" in active.dataset)) active.click();
  else submit();
}

/** Where writing begins: the field of the question that keys answer, else the first one. */
function write() {
  const field =
    document.querySelector<HTMLElement>("[data-stop=true] [data-field], [data-stop=true] textarea") ??
    document.querySelector<HTMLElement>("[data-field]");
  field?.focus();
}

/** One key for each answer, and one for each thing that can be done with an item. */
export function useAnswerKeys(keys: KeysOf): void {
  const { stops, at, values, isShown, choose, moveStop, move, give, undo, open } = keys;
  function digit(number: number) {
    const stop = stops[at];
    if (!stop) return;
    const next = rankDigit(stop, values, number) ?? answerDigit(stop, values, number);
    if (next) choose(next, at);
    else write();
  }
  const submit = () => give("submitted");
  const bindings: KeyBinding[] = [
    ...DIGITS.map((number) => ({ keys: String(number), label: `Answer ${number}`, run: () => digit(number) })),
    { keys: "Enter", label: "Send and go on", run: () => enter(submit) },
    { keys: "mod+enter", label: "Send and go on, also while writing", run: submit },
    { keys: "ArrowDown", label: "Next question", run: () => moveStop(1) },
    { keys: "ArrowUp", label: "Question before", run: () => moveStop(-1) },
    { keys: "e", label: "Write in the field of the question; Esc leaves it", run: write },
    { keys: "j", label: "Next item, this one later", run: () => move(1) },
    { keys: "k", label: "Item before", run: () => move(-1) },
    { keys: "s", label: "Skip: somebody else is asked", run: () => give("skipped") },
    { keys: "d", label: "Discard: nobody can answer this", run: () => give("discarded") },
    { keys: "f", label: "Flag: something is wrong with it", run: () => give("flagged") },
    { keys: "c", label: "Discuss it with the others", run: () => open("discuss") },
  ];
  useKeys("Answering", [
    ...(isShown ? bindings : []),
    { keys: "u", label: "Take the last answer back", run: undo },
    { keys: "g", label: "Guideline", run: () => open("guideline") },
  ]);
}

/** A digit gives the next rank to the option of that number. */
function rankDigit({ question }: Stop, values: AnnotationValues, digit: number): AnnotationValues | undefined {
  if (question.type !== "ranking") return undefined;
  const option = question.options ? question.options[digit - 1]?.value : String(digit);
  return option === undefined
    ? undefined
    : { ...values, [question.key]: rank(ranksOf(values[question.key]), option, false) };
}
