import { getRouteApi, Link } from "@tanstack/react-router";
import { Inbox, Lock } from "lucide-react";
import { buttonLook } from "../../components/button.tsx";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { AnswerDesk } from "./answer-desk.tsx";
import { useQueue } from "./use-queues.ts";

const route = getRouteApi("/shell/annotation/$queueId/answer");

/** One item of a queue at a time, answered with the keyboard, a mouse or a thumb. */
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
        title={isOpen ? "This queue is answered by others" : "This queue is closed"}
        icon={isOpen ? <Lock size={22} /> : <Inbox size={22} />}
        action={
          <Link to="/annotation" className={buttonLook("plain")}>
            All queues
          </Link>
        }
      >
        {isOpen
          ? "It names who answers it, and you are not among them. Whoever runs it can add you in its settings."
          : "It gives nothing out and takes no answers until somebody opens it again in its settings."}
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
