import { Tabs } from "../../../../components/layout/tabs.tsx";
import { isNothing } from "../content/messages.ts";
import type { Span } from "../model/use-trace.ts";
import { useCommentCount } from "./use-comments.ts";

const NAMES = ["Messages", "Events", "Details", "Comments", "JSON"] as const;
export type SpanTabName = (typeof NAMES)[number];

type TabsProps = { span: Span; tab: SpanTabName; setTab: (tab: SpanTabName) => void };

/** The parts of a span that there are. */
export function SpanTabs({ span, tab, setTab }: TabsProps) {
  const comments = useCommentCount(span.traceId, span.spanId);
  const counts: Partial<Record<SpanTabName, number>> = {
    Events: span.events.length + span.contents.length,
    Comments: comments ?? 0,
  };
  const names = tabsOf(span, comments !== undefined);
  return (
    <div className="-mx-4 px-4 shadow-[inset_0_-1px_var(--line)]">
      <Tabs
        label="Span details"
        names={names}
        shown={tab}
        onShow={setTab}
        note={(name) =>
          name === "Details" && span.attempts.length > 1 ? (
            <span className="num rounded-full bg-warn-soft px-1.5 text-xs text-text">
              {span.attempts.length} attempts
            </span>
          ) : (
            (counts[name] ?? 0) > 0 && (
              <span className="num rounded-full bg-raised px-1.5 text-xs text-text">{counts[name]}</span>
            )
          )
        }
      />
    </div>
  );
}

/** Events and comments only where there are any, or may be; no messages where only events tell something. */
function tabsOf(span: Span, canComment: boolean): readonly SpanTabName[] {
  const hasEvents = span.events.length + span.contents.length > 0;
  const hasMessages = !isNothing(span.input) || !isNothing(span.output) || !hasEvents;
  return NAMES.filter((name) => {
    if (name === "Messages") return hasMessages;
    if (name === "Events") return hasEvents;
    return name !== "Comments" || canComment;
  });
}

/** The tab to show for a span: the last open tab, or the first if this span does not have it. */
export function tabFor(span: Span, wanted: SpanTabName): SpanTabName {
  const names = tabsOf(span, true);
  return names.includes(wanted) ? wanted : (names[0] ?? "Details");
}
