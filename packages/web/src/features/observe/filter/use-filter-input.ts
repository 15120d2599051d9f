import { type FilterProblem, parseFilter } from "@treadle/contract";
import { useEffect, useMemo, useState } from "react";
import type { RangeSearch } from "../../../components/time/time-range.ts";
import {
  applyCompletion,
  type Completion,
  completeField,
  completeKey,
  completeValue,
  type Place,
  placeAt,
} from "./complete-filter.ts";
import { useRecentFilters } from "./recent-filters.ts";
import { useSpanValues } from "./use-span-values.ts";

type InputDeps = {
  /** The text that narrows the list right now. */
  applied: string;
  range: RangeSearch;
  onApply: (text: string) => void;
  /** Sets the caret after the text is rendered. */
  setCaret: (caret: number) => void;
};

const isOutside = ({ from, to }: FilterProblem, caret: number) => caret < from || caret > to;

/** The state behind the filter input: the text as it is written, its problems, and the completions at the caret. */
export function useFilterInput({ applied, range, onApply, setCaret: moveCaret }: InputDeps) {
  const [text, setText] = useState(applied);
  const [caret, setCaret] = useState(applied.length);
  const [isFocused, setIsFocused] = useState(false);
  const [isListOpen, setIsListOpen] = useState(false);
  const [wasRefused, setWasRefused] = useState(false);
  const [mark, setMark] = useState<number>();
  const { recent, remember } = useRecentFilters();
  useEffect(() => setText((old) => (old.trim() === applied ? old : applied)), [applied]);

  const { problems } = useMemo(() => parseFilter(text), [text]);
  const place = useMemo(() => placeAt(text, caret), [text, caret]);
  const isShown = isFocused && isListOpen;
  const { options, isLoading, error } = useOptions(text, place, { range, recent, isShown });
  const active = mark ?? firstMark(place, options);

  function write(next: string, nextCaret: number) {
    setText(next);
    setCaret(nextCaret);
    setMark(undefined);
    setWasRefused(false);
  }
  function apply(next: string): boolean {
    const isGood = parseFilter(next).problems.length === 0;
    setWasRefused(!isGood);
    if (!isGood) return false;
    if (next.trim() !== applied) onApply(next.trim());
    remember(next.trim());
    return true;
  }
  function choose(option: Completion) {
    const next = applyCompletion(text, option.group === "Recent" ? { from: 0, to: text.length } : place, option);
    write(next.text, next.caret);
    moveCaret(next.caret);
    if (!option.isOpen && parseFilter(next.text).problems.length === 0 && next.text.trim() !== applied)
      onApply(next.text.trim());
  }
  return {
    text,
    isFocused,
    problems: problems.filter((problem) => !isFocused || wasRefused || isOutside(problem, caret)),
    /** Whether the list shows something else than what is written here. */
    isPending: text.trim() !== applied,
    place,
    options,
    active,
    isShown,
    isLoading,
    error,
    choose,
    apply,
    point: setMark,
    step: (by: number) => setMark(((active ?? (by > 0 ? -1 : 0)) + by + options.length) % Math.max(1, options.length)),
    type(next: string, nextCaret: number) {
      write(next.replaceAll(/[\n\r]+/g, " "), nextCaret);
      setIsListOpen(true);
    },
    moveTo(nextCaret: number) {
      if (nextCaret !== caret) setMark(undefined);
      setCaret(nextCaret);
    },
    setIsListOpen,
    setIsFocused(next: boolean) {
      setIsFocused(next);
      setIsListOpen(next);
      if (!next) apply(text);
    },
    giveUp: () => write(applied, applied.length),
  };
}
export type FilterInput = ReturnType<typeof useFilterInput>;

type Asker = { range: RangeSearch; recent: readonly string[]; isShown: boolean };

/** The completions at this position; values and keys come from the server. */
function useOptions(text: string, place: Place, { range, recent, isShown }: Asker) {
  const isAsking = isShown && (place.kind === "key" || (place.kind === "value" && !place.field.isKeyed));
  const asked = isAsking ? place.field.values : undefined;
  const values = useSpanValues(asked, range, isAsking ? place.word : "");
  const options = useMemo(
    () => (isShown ? optionsAt(text, place, { recent, known: values.data?.items ?? [] }) : []),
    [isShown, text, place, recent, values.data],
  );
  return {
    options,
    isLoading: asked !== undefined && values.isFetching && values.data === undefined,
    error: asked === undefined ? null : values.error,
  };
}

type Sources = { recent: readonly string[]; known: readonly { value: string; count: number }[] };

function optionsAt(text: string, place: Place, { recent, known }: Sources): readonly Completion[] {
  if (place.kind === "none") return [];
  if (place.kind === "value") return completeValue(place, known);
  if (place.kind === "key") return completeKey(place, known);
  const earlier = text.trim() === "" ? recent : [];
  return [...earlier.slice(0, 5).map(recentOption), ...completeField(place.word)];
}

const recentOption = (filter: string): Completion => ({
  id: `recent-${filter}`,
  group: "Recent",
  label: filter,
  insert: filter,
  isOpen: false,
});

/** Half of a choice's word can only mean the choice, so Enter takes it; elsewhere Enter takes what is written. */
function firstMark(place: Place, options: readonly Completion[]): number | undefined {
  if (place.kind !== "value" || place.word === "" || !place.field.choices) return undefined;
  return options.length > 0 && options[0]?.label !== place.word ? 0 : undefined;
}
