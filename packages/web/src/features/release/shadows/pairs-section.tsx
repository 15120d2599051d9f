import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { TimeCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { formatDuration, formatMoney } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { lastTextOf } from "./last-text.ts";
import { type Shadow, type ShadowPair, useShadowPairs } from "./use-shadows.ts";

const route = getRouteApi("/shell/shadows/$shadowId");

/** The pairs, newest first: a request, and both answers side by side. */
export function PairsSection({ shadow }: { shadow: Shadow }) {
  if (!useProject().can("traces:read")) return null;
  return <Pairs shadow={shadow} />;
}

function Pairs({ shadow: { shadowId, state } }: { shadow: Shadow }) {
  const { differs = false } = route.useSearch();
  const list = useShadowPairs({ shadowId, differs, isLive: state === "running" });
  const pairs = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Pairs" action={<DiffersBox shadowId={shadowId} differs={differs} />}>
      {list.error && !pairs && (
        <ErrorState error={list.error} retry={() => list.refetch()} title="The pairs could not be loaded" />
      )}
      {list.isPending && <Skeleton className="mx-4 mb-4 h-20" />}
      {pairs?.length === 0 && <p className="px-4 pb-4 text-muted">{differs ? "No pair differs." : "No pairs yet."}</p>}
      <ol className="flex flex-col divide-y divide-line">
        {pairs?.map((pair) => (
          <PairItem key={pair.pairId} pair={pair} />
        ))}
      </ol>
      {pairs && <MoreRows list={list} />}
    </Section>
  );
}

function DiffersBox({ shadowId, differs }: { shadowId: string; differs: boolean }) {
  const navigate = useNavigate();
  const show = (isOn: boolean) =>
    void navigate({
      to: "/shadows/$shadowId",
      params: { shadowId },
      search: { differs: isOn || undefined },
      replace: true,
    });
  return <Checkbox label="Only different answers" checked={differs} onChange={({ target }) => show(target.checked)} />;
}

const PairItem = ({ pair }: { pair: ShadowPair }) => (
  <li className="flex flex-col gap-2 px-4 py-3">
    <div className="flex flex-wrap items-baseline gap-x-4 text-xs text-muted">
      <TimeCell iso={pair.at} />
      <span>{verdictOf(pair)}</span>
      {pair.isRedacted && <span>personal data replaced</span>}
    </div>
    <p className="line-clamp-3 text-pretty [overflow-wrap:anywhere]">{lastTextOf(pair.input) || "No text"}</p>
    <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
      <AnswerBox label="Primary" answer={pair.primary} />
      <AnswerBox label="Candidate" answer={pair.candidate} />
    </div>
  </li>
);

function verdictOf({ matches }: ShadowPair): string {
  if (matches.exact === null) return "not compared";
  if (matches.exact) return "same answer";
  if (matches.tools === false) return "other tool calls";
  return matches.json ? "same JSON" : "different answer";
}

function AnswerBox({ label, answer }: { label: string; answer: ShadowPair["primary"] }) {
  const { traceId, spanId, variant, model, durationMs, costUsd, outputTokens, status, errorType } = answer;
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1 rounded-control bg-raised px-3 py-2">
      <p className="flex flex-wrap gap-x-3 text-xs text-muted">
        <Link
          to="/traces/$traceId"
          params={{ traceId }}
          search={{ span: spanId }}
          className="font-medium underline-offset-2 hover:underline"
        >
          {label}: {variant}
        </Link>
        <span>{model}</span>
        <span className="num">
          {formatDuration(durationMs)} · {formatMoney(costUsd)} · {outputTokens} tokens
        </span>
      </p>
      {status === "ok" ? <AnswerText answer={answer} /> : <p className="text-bad">Failed: {errorType || status}</p>}
    </section>
  );
}

const AnswerText = ({ answer: { text, toolCalls, isValid } }: { answer: ShadowPair["primary"] }) => (
  <>
    {text && <p className="line-clamp-6 whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>}
    {toolCalls.map((call, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the calls of an answer never change their places
      <code key={place} className="line-clamp-3 text-xs [overflow-wrap:anywhere]">
        {call.name}({call.arguments})
      </code>
    ))}
    {isValid === false && <p className="text-xs text-warn">Not the form that the request demands</p>}
  </>
);
