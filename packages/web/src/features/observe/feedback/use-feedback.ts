import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { FeedbackFilter } from "@treadle/contract";
import type { RequestFor } from "@treadle/sdk";
import type { Answer } from "../../../api.ts";
import { isRelative, type RangeSearch, resolveRange } from "../../../components/time/time-range.ts";
import { useProject } from "../../system/session/index.ts";

export type Feedback = Answer<"GET /api/v1/feedback">["items"][number];
export type FeedbackToGive = Omit<RequestFor<"POST /api/v1/feedback">["body"], "target">;
/** What feedback is given on: a session, a trace as a whole, or one of its spans. */
export type FeedbackOn =
  | { readonly sessionId: string }
  | { readonly traceId: string; readonly spanId?: string; readonly inSession?: string };
type Page = { items: Feedback[]; nextCursor: string | null };

const AT_ONCE = 50;
const MOST_OF_A_TRACE = 200;
/** New feedback is readable from the store about a second later. */
const READABLE_MS = 1_500;

/** Feedback page by page, newest first. */
export function useFeedbackList(filter: FeedbackFilter, range: RangeSearch) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["feedback", id, "list", filter, range],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const { from, to } = resolveRange(range);
      const until = isRelative(range) ? undefined : to;
      const query = { ...filter, from, to: until, limit: AT_ONCE, cursor, consent: undefined };
      return client.call("GET /api/v1/feedback", { query, signal });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // A user who has loaded more pages does not refetch all of them repeatedly.
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? 10_000 : false),
  });
}

/** All feedback on a trace and its spans, newest first. Others may be giving some, so it is looked at again. */
export function useTraceFeedback(traceId: string) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["feedback", id, ...listOf({ traceId })],
    enabled: can("feedback:read"),
    queryFn: ({ signal }): Promise<Page> =>
      client.call("GET /api/v1/feedback", { query: { traceId, limit: MOST_OF_A_TRACE }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** All feedback on a session and on its traces, newest first. */
export function useSessionFeedback(sessionId: string) {
  const { id, client, can } = useProject();
  return useQuery({
    queryKey: ["feedback", id, ...listOf({ sessionId })],
    enabled: can("feedback:read"),
    queryFn: ({ signal }): Promise<Page> =>
      client.call("GET /api/v1/feedback", { query: { inSession: sessionId, limit: MOST_OF_A_TRACE }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });
}

/** Add and remove feedback. Both update the list immediately and refetch when stored. */
export function useFeedbackChanges(on: FeedbackOn) {
  const { id, client } = useProject();
  const queries = useQueryClient();
  const key = ["feedback", id, ...listOf(on)];
  const show = (change: (items: Feedback[]) => Feedback[]) =>
    queries.setQueryData<Page>(key, (page) => page && { ...page, items: change(page.items) });
  const lookAgain = () =>
    void setTimeout(() => {
      void queries.invalidateQueries({ queryKey: ["feedback", id] });
      void queries.invalidateQueries({ queryKey: ["span", id] });
    }, READABLE_MS);
  return {
    give: useMutation({
      meta: { failure: "The feedback was not saved" },
      mutationFn: (body: FeedbackToGive) =>
        client.call("POST /api/v1/feedback", { body: { ...body, target: targetOf(on) } }),
      onSuccess: ({ feedbackId }, body) => {
        show((items) => [
          shown({ ...body, feedbackId, on }),
          ...items.filter((old) => !(old.isMine && isOn(old, on) && old.name === body.name)),
        ]);
        lookAgain();
      },
    }),
    retract: useMutation({
      meta: { failure: "The feedback was not removed" },
      mutationFn: (feedbackId: string) =>
        client.call("DELETE /api/v1/feedback/:feedbackId", { params: { feedbackId } }),
      onSuccess: (_, feedbackId) => {
        show((items) => items.filter((old) => old.feedbackId !== feedbackId));
        lookAgain();
      },
    }),
  };
}

/** The list that shows it: on a session page, the list of the session. */
function listOf(on: FeedbackOn): readonly [string, string] {
  if ("sessionId" in on) return ["session", on.sessionId];
  return on.inSession === undefined ? ["trace", on.traceId] : ["session", on.inSession];
}

const targetOf = (on: FeedbackOn) =>
  "sessionId" in on
    ? { sessionId: on.sessionId }
    : { traceId: on.traceId, ...(on.spanId !== undefined && { spanId: on.spanId }) };

/** Whether the feedback is on exactly this target, not on its parents or children. */
export const isOn = ({ target }: Feedback, on: FeedbackOn): boolean =>
  "sessionId" in on
    ? target.traceId === "" && target.sessionId === on.sessionId
    : target.traceId === on.traceId && target.spanId === (on.spanId ?? "");

type Given = FeedbackToGive & { readonly feedbackId: string; readonly on: FeedbackOn };

/** Feedback in the shape of the list, before the refetch. */
function shown({ feedbackId, on, value, comment, ...given }: Given): Feedback {
  const now = new Date().toISOString();
  return {
    feedbackId,
    target: { traceId: "", spanId: "", sessionId: "", responseId: "", ...targetOf(on) },
    isWaiting: false,
    name: given.name ?? (given.correction === undefined ? "comment" : "correction"),
    value: value ?? null,
    number: typeof value === "boolean" ? Number(value) : typeof value === "number" ? value : null,
    comment: comment ?? "",
    correction: given.correction ?? null,
    expectedOutput: given.expectedOutput ?? null,
    signal: null,
    signalDetail: null,
    userId: "",
    givenBy: "you",
    isMine: true,
    source: "ui",
    metadata: {},
    consent: given.consent ?? false,
    time: now,
    receivedAt: now,
  };
}
