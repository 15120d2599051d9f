import type { AnnotationItemsInput, SessionTrace } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import { readMessages } from "../../datasets/index.ts";
import type { AnnotationDeps } from "../deps.ts";
import { plainMetadata } from "./fields.ts";
import { type Arriving, PLAIN, sourceOf } from "./incoming.ts";

type Input = Extract<AnnotationItemsInput, { from: "sessions" }>;

const MOST_TURNS = 200;

/** Whole conversations: what was asked and answered in each trace of a session, one after the other. */
export async function fromSessions(
  { traces }: Pick<AnnotationDeps, "traces">,
  scope: Scope,
  { sessionIds }: Input,
): Promise<Arriving> {
  async function* items() {
    for (const sessionId of sessionIds) {
      const { session, items: turns } = await traces.getSession(scope, sessionId, { limit: MOST_TURNS });
      const value = turns.flatMap(messagesOf);
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

const toJson = (messages: readonly object[]) => JSON.parse(JSON.stringify(messages));

/** Of a trace only the newest question: what was said before stands in the trace before. */
function messagesOf({ input, output }: SessionTrace): object[] {
  const asked = (readMessages(input, "user") ?? []).filter(({ role }) => role === "user").slice(-1);
  return [...asked, ...(readMessages(output, "assistant") ?? [])];
}
