import type { Route } from "@treadle/contract";
import type { AnyHandler, Mounted } from "../../../kernel/call.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { compileFilterCheck } from "./check-filters.ts";
import type { ContentDeps } from "./deps.ts";
import { compileHide } from "./hide-content.ts";
import { createReadLog } from "./read-log.ts";
import type { Walk } from "./walk-shape.ts";

type HandlerCall = Parameters<AnyHandler>[0];
type Entry = Mounted[number];

/** Whether a caller can read inputs, outputs and other text of traces. */
export const mayReadContent = ({ permissions }: Pick<Scope, "permissions">): boolean =>
  permissions.has("traces:content");

/**
 * Protects the text of traces in every endpoint, by the marks of the contract. A caller without `traces:content` gets
 * marked fields empty, cannot filter by them, and is refused where the whole answer is content. Reads of other callers
 * go into the audit log.
 */
export function createContentAccess(deps: ContentDeps) {
  const log = createReadLog(deps);
  return (mounted: Mounted): Mounted => mounted.map((entry) => protect(entry, log.note));
}

function protect(entry: Entry, note: ReturnType<typeof createReadLog>["note"]): Entry {
  const { route, handle } = entry;
  const hide = compileHide(route.response);
  const checkFilters = compileFilterCheck(route);
  if (hide === null && checkFilters === null && route.content === undefined) return entry;
  const isNoted = hide !== null || route.content !== undefined;
  const read = readerOf(route, { hide, handle });
  return {
    ...entry,
    handle(call) {
      if (mayReadContent(call.scope)) return isNoted ? noted(route, handle, { call, note }) : handle(call);
      if (route.content === "required") throw refusal();
      checkFilters?.(call);
      return read(call);
    },
  };
}

/** The handler for a caller without the permission. */
function readerOf(
  route: Route,
  { hide, handle }: { readonly hide: Walk | null; readonly handle: AnyHandler },
): AnyHandler {
  if (hide === null) return handle;
  if (route.answer === "events") return (call) => hideEvents(handle(call), hide);
  return async (call) => hide(await handle(call));
}

async function* hideEvents(events: unknown, hide: Walk): AsyncGenerator<unknown> {
  for await (const event of (await events) as AsyncIterable<unknown>) yield hide(event);
}

type Noted = { readonly call: HandlerCall; readonly note: (route: Route, call: HandlerCall) => Promise<void> };

/** The entry is written before the caller gets the content. */
async function noted(route: Route, handle: AnyHandler, { call, note }: Noted): Promise<unknown> {
  if ((route.answer ?? "json") !== "json") await note(route, call);
  const answer = await handle(call);
  if ((route.answer ?? "json") === "json" && !isEmptyPage(answer)) await note(route, call);
  return answer;
}

const isEmptyPage = (answer: unknown): boolean =>
  typeof answer === "object" &&
  answer !== null &&
  "items" in answer &&
  Array.isArray(answer.items) &&
  answer.items.length === 0;

const refusal = () =>
  new AppError("forbidden", {
    message:
      'This request reads the content of traces. It needs the permission "traces:content", which you do not have in this project. Ask an admin of the project for it.',
    details: { permission: "traces:content" },
  });
