import type { AnnotationItemsInput, SessionTrace } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import { readMessages } from "../../../data/datasets/index.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { plainMetadata } from "./fields.ts";
import { type Arriving, PLAIN, sourceOf } from "./incoming.ts";

type Input = Extract<AnnotationItemsInput, { from: "sessions" }>;
type Message = NonNullable<ReturnType<typeof readMessages>>[number];
type Traces = Pick<AnnotationDeps, "traces">["traces"];

const PAGE = 200;
/** A conversation of more turns is left out, rather than shown without its end. */
const MOST_TURNS = 2_000;

/** Whole conversations: the inputs and answers of each trace of a session, one after another. */
export async function fromSessions(
  { traces }: Pick<AnnotationDeps, "traces">,
  scope: Scope,
  { sessionIds }: Input,
): Promise<Arriving> {
  async function* items() {
    for (const sessionId of new Set(sessionIds)) {
      const { session, turns } = await readSession(traces, scope, sessionId);
      const value = conversationOf(turns);
      yield value.length === 0
        ? null
        : {
            ...PLAIN,
            source: sourceOf({ type: "session", key: `session:${sessionId}`, sessionId }),
            content: {
              fields: [{ key: "conversation", title: "Conversation", kind: "messages" as const, value: toJson(value) }],
              candidates: [],
            },
            metadata: plainMetadata({ userId: session.userId, model: session.models.join(", ") }),
          };
    }
  }
  return { matching: null, items: items() };
}

async function readSession(traces: Traces, scope: Scope, sessionId: string) {
  const turns: SessionTrace[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await traces.getSession(scope, sessionId, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
    turns.push(...page.items);
    if (page.nextCursor === null) return { session: page.session, turns };
    if (turns.length >= MOST_TURNS) return { session: page.session, turns: [] };
    cursor = page.nextCursor;
  }
}

const toJson = (messages: readonly Message[]) => JSON.parse(JSON.stringify(messages));

/**
 * Each trace adds its new messages: everything from the first trace, and from the others the messages after the last
 * answer in their input, which repeats the conversation so far. System messages are not repeated.
 */
function conversationOf(turns: readonly SessionTrace[]): Message[] {
  const messages: Message[] = [];
  for (const { input, output } of turns) {
    const asked = readMessages(input, "user") ?? [];
    const isFirst = messages.length === 0;
    const behind = isFirst ? 0 : asked.findLastIndex(({ role }) => role === "assistant") + 1;
    const known = new Set(messages.filter(isSystem).map((message) => JSON.stringify(message)));
    const isNew = (message: Message) => isFirst || !isSystem(message) || !known.has(JSON.stringify(message));
    messages.push(...asked.slice(behind).filter(isNew), ...(readMessages(output, "assistant") ?? []));
  }
  return messages;
}

const isSystem = ({ role }: Message) => role === "system" || role === "developer";
