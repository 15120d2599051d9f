import { useState } from "react";
import type { RangeSearch } from "../../components/time-range.ts";
import { FIELD_NAMES, type FilterField, fieldOf, type TraceFilter, toggleValue } from "./trace-filter.ts";
import { useSpanValues, VALUE_FIELDS } from "./use-traces.ts";

export type FilterOption =
  | { kind: "search"; text: string }
  | { kind: "field"; field: FilterField }
  | { kind: "value"; field: FilterField; value: string; count: number | undefined; isChosen: boolean }
  | { kind: "set"; field: FilterField; value: string };

type InputDeps = { filter: TraceFilter; range: RangeSearch; onChange: (filter: TraceFilter) => void; isOpen: boolean };

/** The state behind the filter input: first a field or words, then, once a field is chosen, its values. */
export function useFilterInput({ filter, range, onChange, isOpen }: InputDeps) {
  const [text, setText] = useState("");
  const [field, setField] = useState<FilterField>();
  const [activeIndex, setActiveIndex] = useState(0);
  const valueField = VALUE_FIELDS.find((name) => name === field);
  const values = useSpanValues(isOpen ? valueField : undefined, range, text);
  const options = field
    ? optionsOf(field, { text, chosen: filter[field], values: values.data?.items ?? [] })
    : fieldsLike(text);

  function set(nextText: string, nextField: FilterField | undefined) {
    setText(nextText);
    setField(nextField);
    setActiveIndex(0);
  }
  /** Does what an option says; true when the list stays open for another one. */
  function choose(option: FilterOption): boolean {
    const stays = option.kind === "field" || option.kind === "value";
    if (option.kind !== "field") onChange({ ...filter, ...changeOf(option, filter) });
    set("", stays ? option.field : undefined);
    return stays;
  }
  /** What a key does to the list: it stays open, closes, or the key is the input's own. */
  function press(key: string): "stay" | "close" | "nothing" {
    const active = options[activeIndex];
    if (key === "ArrowDown" || key === "ArrowUp") {
      setActiveIndex((activeIndex + (key === "ArrowDown" ? 1 : -1) + options.length) % Math.max(1, options.length));
      return "stay";
    }
    if (key === "Enter" && active) return choose(active) ? "stay" : "close";
    if (key === "Escape") {
      set("", undefined);
      return "close";
    }
    if (key !== "Backspace" || text !== "") return "nothing";
    if (field) set("", undefined);
    else onChange(withoutLast(filter));
    return "stay";
  }
  return {
    text,
    field,
    options,
    activeIndex,
    isLoading: values.isFetching && values.data === undefined,
    error: values.error,
    choose,
    press,
    point: setActiveIndex,
    type(next: string) {
      const named = field ? undefined : fieldBefore(next);
      set(named ? "" : next, named ?? field);
    },
    enter: (name: FilterField) => set("", name),
    leave: () => set("", undefined),
    editSearch() {
      set(filter.search ?? "", undefined);
      onChange({ ...filter, search: undefined });
    },
  };
}
export type FilterInput = ReturnType<typeof useFilterInput>;

function changeOf(option: Exclude<FilterOption, { kind: "field" }>, filter: TraceFilter): TraceFilter {
  if (option.kind === "search") return { search: option.text };
  return { [option.field]: option.kind === "set" ? option.value : toggleValue(filter[option.field], option.value) };
}

/** `model:` typed out names the field, by its label or by its name in the API. */
function fieldBefore(text: string): FilterField | undefined {
  const word = /^([\w ]+):$/.exec(text)?.[1]?.toLowerCase();
  return word
    ? FIELD_NAMES.find((name) => name.toLowerCase() === word || fieldOf(name).label.toLowerCase() === word)
    : undefined;
}

function fieldsLike(text: string): readonly FilterOption[] {
  const word = text.trim().toLowerCase();
  const fields = FIELD_NAMES.filter((name) => fieldOf(name).label.toLowerCase().includes(word)).map(
    (field) => ({ kind: "field", field }) as const,
  );
  return word ? [{ kind: "search", text: text.trim() }, ...fields] : fields;
}

type Values = { text: string; chosen: string | undefined; values: readonly { value: string; count: number }[] };

function optionsOf(field: FilterField, { text, chosen, values }: Values): readonly FilterOption[] {
  const { kind, choices = [] } = fieldOf(field);
  const word = text.trim();
  if (kind === "number")
    return word !== "" && Number(word) >= 0 ? [{ kind: "set", field, value: String(Number(word)) }] : [];
  if (kind === "text") return word ? [{ kind: "set", field, value: word.toLowerCase() }] : [];
  const known =
    kind === "choices"
      ? choices.filter((choice) => choice.includes(word.toLowerCase())).map((value) => ({ value, count: undefined }))
      : values;
  const isChosen = (value: string) => chosen?.split(",").includes(value) ?? false;
  const options = known.map(
    ({ value, count }) => ({ kind: "value", field, value, count, isChosen: isChosen(value) }) as const,
  );
  // A value that has not been seen in this time can still be asked for.
  const isNew = kind === "values" && word !== "" && !word.includes(",") && !known.some(({ value }) => value === word);
  return isNew
    ? [...options, { kind: "value", field, value: word, count: undefined, isChosen: isChosen(word) }]
    : options;
}

function withoutLast(filter: TraceFilter): TraceFilter {
  const last = [...FIELD_NAMES].reverse().find((name) => filter[name]);
  return last ? { ...filter, [last]: undefined } : { ...filter, search: undefined };
}
