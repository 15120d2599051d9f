import { getRouteApi, Link } from "@tanstack/react-router";
import { Inbox, Lock } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { useQueue } from "../shared/use-queues.ts";
import { AnswerDesk } from "./answer-desk.tsx";

const route = getRouteApi("/shell/annotation/$queueId/answer");

/** Shows one queue item at a time, answered by keyboard, mouse or touch. */
export function AnswerPage() {
  const { queueId } = route.useParams();
  const queue = useQueue(queueId);
  if (queue.error && !queue.data)
    return <ErrorState error={queue.error} retry={() => queue.refetch()} title="The queue could not be loaded" />;
  if (!queue.data) return <Loading />;
  const { name, isOpen, mine } = queue.data;
  if (isOpen && mine.mayAnswer) return <AnswerDesk key={queueId} queue={queue.data} />;
  return (
    <>
      <PageHeader title={name} back={<BackLink to="/annotation" label="Annotation" />} />
      <EmptyState
        title={isOpen ? "You cannot answer this queue" : "This queue is closed"}
        icon={isOpen ? <Lock size={22} /> : <Inbox size={22} />}
        action={
          <Link to="/annotation" className={buttonLook("plain")}>
            All queues
          </Link>
        }
      >
        {isOpen
          ? "Only selected people answer this queue. The owner of the queue can add you in its settings."
          : "A closed queue accepts no answers. It can be reopened in its settings."}
      </EmptyState>
    </>
  );
}

function Loading() {
  return (
    <div aria-busy className="grid gap-4 p-6 lg:grid-cols-[1fr_380px]">
      <Skeleton className="h-80" />
      <Skeleton className="h-60" />
    </div>
  );
}
