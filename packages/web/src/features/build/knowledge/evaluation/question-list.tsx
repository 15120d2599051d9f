import { ErrorState } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { type Question, type QuestionSet, useDeleteQuestion, useQuestions } from "./use-question-sets.ts";

/** The questions of a set, with what answers them. */
export function QuestionList({ set, canWrite }: { set: QuestionSet; canWrite: boolean }) {
  const list = useQuestions(set.questionSetId);
  const questions = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !questions)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The questions could not be loaded" />;
  if (questions?.length === 0) return null;
  const remove: PlainColumn<Question> = {
    id: "actions",
    header: <span className="sr-only">Actions</span>,
    cell: ({ questionId }) => <DeleteQuestion set={set} questionId={questionId} />,
  };
  return (
    <Section title="Questions">
      <PlainTable
        label="Questions"
        columns={canWrite ? [...COLUMNS, remove] : COLUMNS}
        rows={questions}
        idOf={({ questionId }) => questionId}
      />
      <MoreRows list={list} />
    </Section>
  );
}

const COLUMNS: readonly PlainColumn<Question>[] = [
  {
    id: "question",
    header: "Question",
    className: "w-full min-w-44",
    cell: ({ question, relevant }) => (
      <div className="min-w-0 [overflow-wrap:anywhere]">
        {question}
        <Quote relevant={relevant} />
      </div>
    ),
  },
  {
    id: "relevant",
    header: "Judgements",
    cell: ({ relevant }) => <span className="whitespace-nowrap text-muted">{judgementWords(relevant)}</span>,
  },
];

function Quote({ relevant }: Pick<Question, "relevant">) {
  const quote = relevant.find(({ grade, quote: text }) => grade > 0 && text !== null)?.quote;
  return quote ? <span className="line-clamp-1 text-xs text-muted">“{quote}”</span> : null;
}

function judgementWords(relevant: Question["relevant"]): string {
  if (relevant.length === 0) return "unanswerable";
  const count = relevant.filter(({ grade }) => grade > 0).length;
  return count === 0 ? "nothing relevant yet" : formatNumberOf(count, "relevant passage");
}

function DeleteQuestion({ set, questionId }: { set: QuestionSet; questionId: string }) {
  const remove = useDeleteQuestion(set.questionSetId);
  return (
    <Button size="small" isBusy={remove.isPending} onClick={() => remove.mutate(questionId)}>
      Delete
    </Button>
  );
}
