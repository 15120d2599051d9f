import type { AnnotationField } from "@treadle/contract";
import { lazy, Suspense } from "react";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { Payload } from "../../../observe/traces/index.ts";
import type { LeasedItem } from "./answering-desk.ts";

const Markdown = lazy(() =>
  import("../../../../components/content/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

type Candidates = LeasedItem["content"]["candidates"];
const SIDE_WORDS: Readonly<Record<string, string>> = { left: "Left", right: "Right" };

/** The label of an answer to compare: its side or its number. */
export const nameOfCandidate = (key: string): string => SIDE_WORDS[key] ?? `Answer ${key}`;

/** The content of an item: its fields, and the answers to compare side by side. */
export function ItemContent({ content }: { content: { fields: readonly AnnotationField[]; candidates: Candidates } }) {
  const { fields, candidates } = content;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {fields.map((field) => (
        <FieldView key={field.key} field={field} />
      ))}
      {candidates.length > 0 && (
        <div className={`grid gap-4 ${candidates.length === 2 ? "lg:grid-cols-2" : ""}`}>
          {candidates.map(({ key, fields: own }) => (
            <section key={key} aria-label={nameOfCandidate(key)} className="card flex min-w-0 flex-col gap-3 p-3">
              <h3 className="font-semibold">{nameOfCandidate(key)}</h3>
              {own.map((field) => (
                <FieldView key={field.key} field={field} isBare={own.length === 1} />
              ))}
            </section>
          ))}
        </div>
      )}
    </div>
  );
}

const labelOf = ({ key, title }: AnnotationField) => title || key.charAt(0).toUpperCase() + key.slice(1);

function FieldView({ field, isBare = false }: { field: AnnotationField; isBare?: boolean }) {
  const { kind, value } = field;
  if (kind === "markdown" && typeof value === "string") {
    return (
      <section aria-label={labelOf(field)}>
        {!isBare && <h3 className="mb-1 text-xs text-muted">{labelOf(field)}</h3>}
        <div className={isBare ? "" : "card px-3 py-2"}>
          <Suspense fallback={<FoldedText text={value} />}>
            <Markdown text={value} />
          </Suspense>
        </div>
      </section>
    );
  }
  if (isBare && typeof value === "string") return <FoldedText text={value} most={8_000} />;
  return <Payload label={labelOf(field)} value={value} />;
}
