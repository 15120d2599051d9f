import { CommentThread } from "../../../components/content/comment-thread.tsx";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { useMemberChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { EVENT_WORDS } from "./incident-words.ts";
import { PathLink } from "./path-link.tsx";
import {
  type Incident,
  type IncidentEvent,
  useIncidentCommentChanges,
  useIncidentComments,
  useIncidentEvents,
} from "./use-incidents.ts";

/** Everything that happened to an incident, and what people say about it. */
export const IncidentTimeline = ({ incident }: { incident: Incident }) => (
  <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
    <Events incident={incident} />
    <Section title="Comments">
      <div className="flex flex-col gap-3 px-4 pb-4">
        <Comments incidentId={incident.incidentId} />
      </div>
    </Section>
  </div>
);

function Events({ incident }: { incident: Incident }) {
  const events = useIncidentEvents(incident);
  return (
    <Section title="Timeline">
      {events.error && !events.data && (
        <ErrorState error={events.error} retry={() => events.refetch()} title="The timeline could not be loaded" />
      )}
      {events.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      <ol className="flex flex-col gap-3 px-4 pb-4">
        {events.data?.items.map((event) => (
          <Event key={event.eventId} event={event} isRepeated={isRepeated(incident, event)} />
        ))}
      </ol>
    </Section>
  );
}

/** The page shows the text of the opening above the evidence. */
const isRepeated = (incident: Incident, { kind, text }: IncidentEvent): boolean =>
  kind === "opened" && text === incident.text;

type EventProps = { event: IncidentEvent; isRepeated: boolean };

function Event({ event: { at, kind, text, actor, path }, isRepeated }: EventProps) {
  const by = actor.actorId === "system" ? "" : ` by ${actor.name}`;
  return (
    <li className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-4 max-sm:grid-cols-1">
      <TimeCell iso={at} />
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">
          <span className="font-medium">{EVENT_WORDS[kind]}</span>
          <span className="text-muted">{by}</span>
        </p>
        {text && !isRepeated && (
          <p className="text-pretty [overflow-wrap:anywhere]">
            {path ? <PathLink path={path}>{text}</PathLink> : text}
          </p>
        )}
      </div>
    </li>
  );
}

function Comments({ incidentId }: { incidentId: string }) {
  const { can } = useProject();
  const list = useIncidentComments(incidentId);
  const people = useMemberChoices().data ?? [];
  const { create, update, remove } = useIncidentCommentChanges(incidentId);
  if (list.error && !list.data)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The comments could not be loaded" />;
  if (!list.data) return <Skeleton className="h-20 w-full" />;
  return (
    <CommentThread
      comments={list.data.items}
      label="Comment on this incident"
      people={people}
      canWrite={can("incidents:write")}
      canRemoveAny={can("members:write")}
      create={(text) => create.mutateAsync(text)}
      update={(commentId, text) => update.mutateAsync({ commentId, text })}
      remove={(commentId) => remove.mutateAsync(commentId)}
    />
  );
}
