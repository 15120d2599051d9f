import { type AnnotationQuestion, type AnnotationValue, annotationFieldText } from "@treadle/contract";
import type { KeyboardEvent } from "react";
import { GrowingText } from "../../../../components/form/growing-text.tsx";
import { marksOf, ranksOf, spansOf, stepsOf, textsOf, toggle } from "./answer-values.ts";
import type { LeasedItem } from "./answering-desk.ts";
import { ChoiceButtons } from "./choice-buttons.tsx";
import { nameOfCandidate } from "./item-content.tsx";
import { RankList } from "./rank-list.tsx";
import { SpanMarker } from "./span-marker.tsx";

export type InputProps<Question extends AnnotationQuestion = AnnotationQuestion> = {
  question: Question;
  value: AnnotationValue | undefined;
  content: LeasedItem["content"];
  onChange: (value: AnnotationValue | undefined) => void;
  /** The rubric criterion that keys answer. */
  criterion?: string | undefined;
};
type Of<Type extends AnnotationQuestion["type"]> = InputProps<Extract<AnnotationQuestion, { type: Type }>>;

const wordsOf = ({ value, label }: { value: string; label: string }) => label || value;
const keyOf = (index: number) => (index < 10 ? String((index + 1) % 10) : undefined);
const withKeys = (options: readonly { value: string; label: string; help: string }[]) =>
  options.map((option, index) => ({
    value: option.value,
    label: wordsOf(option),
    help: option.help,
    ...(keyOf(index) && { key: keyOf(index) ?? "" }),
  }));

/** The control for a question, by its type. */
export function QuestionInput(props: InputProps) {
  const { question } = props;
  switch (question.type) {
    case "binary":
      return <Binary {...props} question={question} />;
    case "label":
      return <Label {...props} question={question} />;
    case "multilabel":
      return <MultiLabel {...props} question={question} />;
    case "rating":
      return <Rating {...props} question={question} />;
    case "rubric":
      return <Rubric {...props} question={question} />;
    case "pairwise":
      return <Pairwise {...props} question={question} />;
    case "ranking":
      return <Ranking {...props} question={question} />;
    case "span":
      return <Span {...props} question={question} />;
    case "text":
      return <Text {...props} question={question} />;
    case "correction":
      return <Correction {...props} question={question} />;
    default:
      return question satisfies never;
  }
}

function Binary({ question, value, onChange }: Of<"binary">) {
  const options = [
    { value: "true", label: question.yes, key: "1" },
    { value: "false", label: question.no, key: "2" },
  ];
  const chosen = typeof value === "boolean" ? [String(value)] : [];
  return (
    <ChoiceButtons
      label={question.title}
      options={options}
      chosen={chosen}
      onChoose={(one) => onChange(one === "true")}
    />
  );
}

function Label({ question, value, onChange }: Of<"label">) {
  const chosen = typeof value === "string" ? [value] : [];
  return (
    <ChoiceButtons label={question.title} options={withKeys(question.options)} chosen={chosen} onChoose={onChange} />
  );
}

function MultiLabel({ question, value, onChange }: Of<"multilabel">) {
  const chosen = textsOf(value);
  return (
    <ChoiceButtons
      label={question.title}
      options={withKeys(question.options)}
      chosen={chosen}
      isMany
      onChoose={(one) => onChange(toggle(chosen, one))}
    />
  );
}

type StepsProps = {
  label: string;
  scale: { min: number; max: number; labels: Readonly<Record<string, string>> };
  value: number | undefined;
  onChange: (step: number) => void;
};

function Steps({ label, scale, value, onChange }: StepsProps) {
  const options = stepsOf(scale).map((step) => ({
    value: String(step),
    label: String(step),
    key: String(step),
    ...(scale.labels[step] && { help: scale.labels[step] }),
  }));
  const [low, high, chosen] = [scale.labels[scale.min], scale.labels[scale.max], scale.labels[value ?? ""]];
  return (
    <div className="flex flex-col gap-1">
      <ChoiceButtons
        label={label}
        options={options}
        chosen={value === undefined ? [] : [String(value)]}
        isRow
        onChoose={(step) => onChange(Number(step))}
      />
      {(low || high || chosen) && (
        <p className="text-xs text-muted">
          {chosen
            ? `${value}: ${chosen}`
            : [low && `${scale.min}: ${low}`, high && `${scale.max}: ${high}`].filter(Boolean).join(" · ")}
        </p>
      )}
    </div>
  );
}

function Rating({ question, value, onChange }: Of<"rating">) {
  return (
    <Steps
      label={question.title}
      scale={question}
      value={typeof value === "number" ? value : undefined}
      onChange={onChange}
    />
  );
}

function Rubric({ question, value, onChange, criterion }: Of<"rubric">) {
  const marks = marksOf(value);
  return (
    <div className="flex flex-col gap-3">
      {question.criteria.map(({ key, title, help }) => (
        <div key={key} className={`border-l-2 pl-2 ${key === criterion ? "border-accent" : "border-transparent"}`}>
          <p className="mb-1">
            {title}
            {help && <span className="block text-xs text-muted">{help}</span>}
          </p>
          <Steps
            label={title}
            scale={question}
            value={marks[key]}
            onChange={(step) => onChange({ ...marks, [key]: step })}
          />
        </div>
      ))}
    </div>
  );
}

function Pairwise({ question, value, onChange }: Of<"pairwise">) {
  const options = [
    { value: "left", label: "Left is better" },
    { value: "right", label: "Right is better" },
    ...(question.allowsTie ? [{ value: "tie", label: "Equally good" }] : []),
    ...(question.allowsNeither ? [{ value: "neither", label: "Both bad" }] : []),
  ].map((option, index) => ({ ...option, key: String(index + 1) }));
  const chosen = typeof value === "string" ? [value] : [];
  return <ChoiceButtons label={question.title} options={options} chosen={chosen} onChoose={onChange} />;
}

function Ranking({ question, value, content, onChange }: Of<"ranking">) {
  const options = question.options
    ? question.options.map((option) => ({ value: option.value, label: wordsOf(option) }))
    : content.candidates.map(({ key }) => ({ value: key, label: nameOfCandidate(key) }));
  return (
    <RankList
      label={question.title}
      options={options}
      ranks={ranksOf(value)}
      allowsTies={question.allowsTies}
      onChange={onChange}
    />
  );
}

function Span({ question, value, content, onChange }: Of<"span">) {
  const field = content.fields.find(({ key }) => key === question.field);
  if (!field) return <p className="text-muted">This item has no field “{question.field}” to mark.</p>;
  return (
    <SpanMarker
      label={question.title}
      text={annotationFieldText(field)}
      options={question.options.map((option) => ({ value: option.value, label: wordsOf(option) }))}
      spans={spansOf(value)}
      allowsOverlap={question.allowsOverlap}
      onChange={onChange}
    />
  );
}

/** Escape returns to the keyboard shortcuts of the page. */
function leave(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key === "Escape") event.currentTarget.blur();
}

function Text({ question, value, onChange }: Of<"text">) {
  return (
    <GrowingText
      aria-label={question.title}
      data-field
      value={typeof value === "string" ? value : ""}
      maxLength={question.maxLength}
      onChange={({ target }) => onChange(target.value)}
      onKeyDown={leave}
      className="min-h-16"
    />
  );
}

function Correction({ question, value, content, onChange }: Of<"correction">) {
  const field = content.fields.find(({ key }) => key === question.field);
  const original = field ? annotationFieldText(field) : "";
  return (
    <div className="flex flex-col gap-1">
      <GrowingText
        aria-label={question.title}
        data-field
        value={typeof value === "string" ? value : original}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={leave}
        className="min-h-24"
      />
      {typeof value === "string" && value !== original && (
        <button
          type="button"
          className="self-start text-xs text-accent hover:underline"
          onClick={() => onChange(undefined)}
        >
          Reset to original
        </button>
      )}
    </div>
  );
}
