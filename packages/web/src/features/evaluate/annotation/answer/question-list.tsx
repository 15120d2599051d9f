import type { AnnotationQuestion, AnnotationValue } from "@treadle/contract";
import { useEffect, useRef } from "react";
import type { Stop } from "../item/answer-values.ts";
import type { HeldItem } from "../item/answering-desk.ts";
import { QuestionInput } from "../item/question-input.tsx";

type ListProps = {
  questions: readonly AnnotationQuestion[];
  stops: readonly Stop[];
  /** The stop that keys answer. */
  at: number;
  item: HeldItem;
  missing: Readonly<Record<string, string>>;
  onFocus: (stop: number) => void;
  onChange: (key: string, value: AnnotationValue | undefined, stop: number) => void;
};

/** The questions of an item, with a mark on the active one. */
export function QuestionList({ questions, stops, at, item, missing, onFocus, onChange }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const current = stops[at];
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the active stop or the item changes.
  useEffect(() => {
    if (questions.length > 1) list.current?.querySelector("[data-stop=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, item.itemId]);
  return (
    <ol ref={list} className="flex flex-col gap-4">
      {questions.map((question) => {
        const first = stops.findIndex((stop) => stop.question.key === question.key);
        const isCurrent = current?.question.key === question.key;
        return (
          <li
            key={question.key}
            data-stop={isCurrent}
            onFocusCapture={() => !isCurrent && first >= 0 && onFocus(first)}
            className={`rounded-card border p-3 ${isCurrent && questions.length > 1 ? "border-accent bg-panel" : "border-line bg-panel"}`}
          >
            <h2 className="font-medium [overflow-wrap:anywhere]">
              {question.title}
              {!question.isRequired && <span className="font-normal text-muted"> optional</span>}
            </h2>
            {question.help && <p className="mt-0.5 text-xs text-muted [overflow-wrap:anywhere]">{question.help}</p>}
            <div className="mt-2">
              <QuestionInput
                question={question}
                value={item.work.values[question.key]}
                content={item.content}
                criterion={isCurrent ? current.criterion : undefined}
                onChange={(value) => onChange(question.key, value, isCurrent ? at : first)}
              />
            </div>
            {missing[question.key] && (
              <p role="alert" className="mt-1.5 text-xs text-bad">
                {missing[question.key]}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
