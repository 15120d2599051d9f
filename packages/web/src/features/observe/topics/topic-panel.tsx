import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useKeys } from "../../../components/browser/keys.ts";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { formatCount, formatDuration, formatMoney, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { labelOf } from "./order-topics.ts";
import { RenameTopic } from "./rename-topic.tsx";
import { Growth } from "./topic-table.tsx";
import { type Topic, useTopicTraces } from "./use-topics.ts";

/** One topic: its numbers, its words, examples and traces. */
export function TopicPanel({ topic, close }: { topic: Topic; close: () => void }) {
  const [isRenaming, setIsRenaming] = useState(false);
  const canWrite = useProject().can("incidents:write");
  useKeys("Topic", [{ keys: "Escape", label: "Close the topic", run: close }]);
  const rename = canWrite && !topic.isOther ? () => setIsRenaming(true) : undefined;
  return (
    <NextToList>
      <Section title={labelOf(topic)} action={<PanelActions rename={rename} close={close} />}>
        <div className="flex flex-col gap-4 px-4 pb-4">
          <Numbers topic={topic} />
          {topic.isOther && (
            <p className="text-muted">
              Traces that are similar to fewer than two others, or whose words are all unknown.
            </p>
          )}
          {topic.words.length > 0 && (
            <p className="text-muted [overflow-wrap:anywhere]">{`Words: ${topic.words.join(", ")}`}</p>
          )}
          <Examples topic={topic} />
          <Traces topicId={topic.topicId} />
        </div>
        {isRenaming && <RenameTopic topic={topic} close={() => setIsRenaming(false)} />}
      </Section>
    </NextToList>
  );
}

/** Stays visible next to a long list. On a narrow screen it is above the list, which may be scrolled. */
function NextToList({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => void box.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div
      ref={box}
      className="min-w-0 self-start max-xl:order-first xl:sticky xl:top-4 xl:max-h-[calc(100dvh-2rem)] xl:overflow-y-auto"
    >
      {children}
    </div>
  );
}

const PanelActions = ({ rename, close }: { rename: (() => void) | undefined; close: () => void }) => (
  <>
    {rename && (
      <Button size="small" onClick={rename}>
        Rename
      </Button>
    )}
    <IconButton label="Close" onClick={close}>
      <X size={16} />
    </IconButton>
  </>
);

function Numbers({ topic }: { topic: Topic }) {
  const facts = [
    ["Traces", formatCount(topic.traces)],
    ["Share", formatPercent(topic.share)],
    ["Errors", formatPercent(topic.errorRate)],
    ["Cost per trace", formatMoney(topic.costUsd)],
    ["P50", formatDuration(topic.durationP50Ms)],
    ["P95", formatDuration(topic.durationP95Ms)],
    [
      "Feedback",
      topic.feedback === null ? "none" : `${topic.feedback.toFixed(2)} (n = ${formatCount(topic.feedbackCount)})`,
    ],
  ] as const;
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-muted">{label}</dt>
            <dd className="num font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <ChangeLine topic={topic} />
    </>
  );
}

const ChangeLine = ({ topic }: { topic: Topic }) => (
  <p className="num">
    <Growth topic={topic} />
    {topic.growth && (
      <span className="text-muted">
        {` (95% interval ${(topic.growth.lower * 100).toFixed(1)} to ${(topic.growth.upper * 100).toFixed(1)} points against the first half of the time range)`}
      </span>
    )}
  </p>
);

const Examples = ({ topic: { examples } }: { topic: Topic }) => (
  <div>
    <h3 className="text-xs text-muted">Typical inputs</h3>
    <ul className="flex flex-col gap-1">
      {examples.map(({ traceId, text }) => (
        <li key={traceId}>
          <Link
            to="/traces/$traceId"
            params={{ traceId }}
            dir="auto"
            className="line-clamp-2 text-left [overflow-wrap:anywhere] hover:underline"
          >
            {text || "Open the trace"}
          </Link>
        </li>
      ))}
    </ul>
  </div>
);

function Traces({ topicId }: { topicId: string }) {
  const list = useTopicTraces(topicId);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !rows) return <ErrorState error={list.error} retry={() => list.refetch()} />;
  return (
    <details>
      <summary className="text-xs text-muted">All traces</summary>
      <ul className="mt-1 flex flex-col">
        {(rows ?? []).map(({ traceId, at }) => (
          <li key={traceId} className="flex justify-between gap-3">
            <Link to="/traces/$traceId" params={{ traceId }} className="truncate font-mono text-xs hover:underline">
              {traceId}
            </Link>
            <AgoCell iso={at} />
          </li>
        ))}
      </ul>
      <MoreRows list={list} />
    </details>
  );
}
