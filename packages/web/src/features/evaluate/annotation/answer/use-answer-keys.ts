import type { AnnotationValues } from "@treadle/contract";
import { type KeyBinding, useKeys } from "../../../../components/browser/keys.ts";
import { answerDigit, rank, ranksOf, type Stop } from "../item/answer-values.ts";
import type { Outcome } from "../item/answering-desk.ts";

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

/** Enter activates a focused button or link; elsewhere it submits the answers. */
function enter(submit: () => void) {
  const active = document.activeElement;
  const isOwn = active instanceof HTMLButtonElement || active instanceof HTMLAnchorElement;
  if (isOwn && !("answer" in active.dataset)) active.click();
  else submit();
}

/** The text field of the active question, or else the first one. */
function write() {
  const field =
    document.querySelector<HTMLElement>("[data-stop=true] [data-field], [data-stop=true] textarea") ??
    document.querySelector<HTMLElement>("[data-field]");
  field?.focus();
}

/** One key per answer, and one per action. */
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
    { keys: "Enter", label: "Submit and continue", run: () => enter(submit) },
    { keys: "mod+enter", label: "Submit and continue (while typing)", run: submit },
    { keys: "ArrowDown", label: "Next question", run: () => moveStop(1) },
    { keys: "ArrowUp", label: "Previous question", run: () => moveStop(-1) },
    { keys: "e", label: "Type into the question's field; Esc leaves it", run: write },
    { keys: "j", label: "Next item, and answer this one later", run: () => move(1) },
    { keys: "k", label: "Previous item", run: () => move(-1) },
    { keys: "s", label: "Skip: another annotator gets this item", run: () => give("skipped") },
    { keys: "d", label: "Discard: this item cannot be answered", run: () => give("discarded") },
    { keys: "f", label: "Flag: something is wrong with this item", run: () => give("flagged") },
    { keys: "c", label: "Comment on this item", run: () => open("discuss") },
  ];
  useKeys("Answering", [
    ...(isShown ? bindings : []),
    { keys: "u", label: "Undo last answer", run: undo },
    { keys: "g", label: "Guideline", run: () => open("guideline") },
  ]);
}

/** Gives the next rank to the option with this number. */
function rankDigit({ question }: Stop, values: AnnotationValues, digit: number): AnnotationValues | undefined {
  if (question.type !== "ranking") return undefined;
  const option = question.options ? question.options[digit - 1]?.value : String(digit);
  return option === undefined
    ? undefined
    : { ...values, [question.key]: rank(ranksOf(values[question.key]), option, false) };
}
