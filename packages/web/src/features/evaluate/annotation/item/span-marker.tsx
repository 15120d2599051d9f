import type { MarkedSpan } from "@treadle/contract";
import { X } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { mark, stretchAt } from "./answer-values.ts";

type MarkerProps = {
  label: string;
  text: string;
  options: readonly { value: string; label: string }[];
  spans: readonly MarkedSpan[];
  allowsOverlap: boolean;
  onChange: (spans: MarkedSpan[]) => void;
};

/** The text in a read-only field, so that the browser's selection works with keys, mouse and touch. */
export function SpanMarker({ label, text, options, spans, allowsOverlap, onChange }: MarkerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [place, setPlace] = useState<{ start: number; end: number }>();
  function note() {
    const { selectionStart = 0, selectionEnd = 0 } = field.current ?? {};
    setPlace(stretchAt(text, selectionStart, selectionEnd));
  }
  function choose(value: string) {
    if (place) onChange(mark(spans, { ...place, label: value }, allowsOverlap));
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") return field.current?.blur();
    const option = options[(Number(event.key) + 9) % 10];
    if (!/^\d$/.test(event.key) || !option || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    choose(option.value);
  }
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="relative">
        <Mirror text={text} spans={spans} place={place} />
        <textarea
          ref={field}
          readOnly
          aria-label={`${label}: text to mark. Use the arrow keys to move, Shift to select, and digits to mark.`}
          value={text}
          onSelect={note}
          onKeyUp={note}
          onFocus={note}
          onKeyDown={onKeyDown}
          className="field-sizing-content control relative h-auto max-h-none w-full resize-none overflow-hidden bg-transparent! px-2 py-1.5 leading-normal break-words whitespace-pre-wrap text-transparent caret-accent selection:bg-accent/25 selection:text-transparent"
        />
      </div>
      <div className="flex flex-wrap gap-1.5">
        {options.map(({ value, label: words }, index) => (
          <Button key={value} size="small" data-answer disabled={!place} onClick={() => choose(value)}>
            <kbd className="num text-muted">{index + 1}</kbd> {words}
          </Button>
        ))}
      </div>
      {place && (
        <p className="text-xs text-muted [overflow-wrap:anywhere]" aria-live="polite">
          Selected: “{text.slice(place.start, Math.min(place.end, place.start + 120))}”
        </p>
      )}
      <Marks
        text={text}
        spans={spans}
        options={options}
        onRemove={(gone) => onChange(spans.filter((one) => one !== gone))}
      />
    </div>
  );
}

/** The same text with its marks, below the transparent field. */
function Mirror({ text, spans, place }: Pick<MarkerProps, "text" | "spans"> & { place: MarkedPlace | undefined }) {
  const places = [
    ...new Set([0, text.length, ...[...spans, ...(place ? [place] : [])].flatMap((s) => [s.start, s.end])]),
  ]
    .filter((at) => at <= text.length)
    .sort((a, b) => a - b);
  return (
    <div
      aria-hidden
      className="absolute inset-0 overflow-hidden rounded-control border border-transparent bg-panel px-2 py-1.5 leading-normal break-words whitespace-pre-wrap"
    >
      {places.slice(0, -1).map((start, index) => {
        const end = places[index + 1] ?? text.length;
        const isMarked = spans.some((span) => span.start <= start && end <= span.end);
        const isChosen = place !== undefined && place.start <= start && end <= place.end;
        const look = `${isMarked ? "rounded-sm bg-accent-soft text-accent" : ""} ${isChosen ? "underline decoration-accent decoration-2 underline-offset-2" : ""}`;
        return (
          <span key={start} className={look}>
            {text.slice(start, end)}
          </span>
        );
      })}
    </div>
  );
}
type MarkedPlace = { start: number; end: number };

function Marks({
  text,
  spans,
  options,
  onRemove,
}: Pick<MarkerProps, "text" | "spans" | "options"> & { onRemove: (span: MarkedSpan) => void }) {
  if (spans.length === 0) return null;
  const wordsOf = (value: string) => options.find((option) => option.value === value)?.label ?? value;
  return (
    <ul aria-label="Marks" className="flex flex-col gap-1">
      {spans.map((span) => (
        <li key={`${span.start}-${span.end}-${span.label}`} className="flex min-w-0 items-center gap-2">
          <span className="shrink-0 rounded-sm bg-accent-soft px-1.5 text-xs font-medium text-accent">
            {wordsOf(span.label)}
          </span>
          <span className="min-w-0 grow truncate">{text.slice(span.start, span.end)}</span>
          <IconButton label={`Remove mark ${wordsOf(span.label)}`} size="small" onClick={() => onRemove(span)}>
            <X size={13} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
