import { getRouteApi } from "@tanstack/react-router";
import { MessageCircleQuestion } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { type Base, useBase } from "../shared/use-bases.ts";
import { AnswerView } from "./answer-view.tsx";
import { AskForm } from "./ask-form.tsx";
import { useAsk } from "./use-ask.ts";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/ask");

/** Asks a model that answers from the base, and shows its citations. */
export function AskPage() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  return (
    <div className="flex max-w-220 flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {base ? <Parts base={base} /> : <Skeleton className="h-40 rounded-card" />}
    </div>
  );
}

function Parts({ base: { knowledgeBaseId, liveVersion } }: { base: Base }) {
  const ask = useAsk(knowledgeBaseId);
  if (liveVersion === null)
    return (
      <EmptyState title="Nothing to answer from yet" icon={<MessageCircleQuestion size={22} />}>
        Questions can be answered when a version is live.
      </EmptyState>
    );
  return (
    <>
      <AskForm isBusy={ask.isPending} onAsk={ask.mutate} />
      {ask.isPending ? (
        <Skeleton className="h-40 rounded-card" />
      ) : ask.error ? (
        <ErrorState error={ask.error} title="The question was not answered" />
      ) : ask.data ? (
        <AnswerView answer={ask.data} knowledgeBaseId={knowledgeBaseId} />
      ) : (
        <EmptyState title="Ask a question" icon={<MessageCircleQuestion size={22} />}>
          A model answers from the documents, and cites the passages.
        </EmptyState>
      )}
    </>
  );
}
