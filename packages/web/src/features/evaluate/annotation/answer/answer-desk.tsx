import { Link } from "@tanstack/react-router";
import type { AnnotationValue, AnnotationValues } from "@treadle/contract";
import { CircleCheck, CloudOff } from "lucide-react";
import { useMemo, useState } from "react";
import { explain } from "../../../../api.ts";
import { useStored } from "../../../../components/browser/stored-state.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastFailed } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import {
  answersToSend,
  askedQuestions,
  isChosenAtOnce,
  missingIn,
  stopsOf,
  withUncorrected,
} from "../item/answer-values.ts";
import type { AnsweringState, HeldItem, Outcome } from "../item/answering-desk.ts";
import { ItemComments } from "../item/item-comments.tsx";
import { ItemContent } from "../item/item-content.tsx";
import { SuggestionNote } from "../item/suggestion-note.tsx";
import type { Queue } from "../shared/use-queues.ts";
import { AnswerBar } from "./answer-bar.tsx";
import { DeskHeader } from "./desk-header.tsx";
import { DeskNotes } from "./desk-notes.tsx";
import { GuidelineDialog } from "./guideline-dialog.tsx";
import { QuestionList } from "./question-list.tsx";
import { useAnswerKeys } from "./use-answer-keys.ts";
import { useAnswering } from "./use-answering.ts";

type Opened = "guideline" | "discuss";

/** The current item, its questions, and the keyboard shortcuts. */
export function AnswerDesk({ queue }: { queue: Queue }) {
  const { answering, state, item } = useAnswering(queue);
  const [opened, setOpened] = useState<Opened>();
  const [isQuick, setIsQuick] = useStored("annotation.quick", true);
  const [cursor, setCursor] = useState<{ itemId: string; stop: number }>();
  const [isChecked, setIsChecked] = useState("");
  const values = item?.work.values ?? NOTHING;
  const asked = useMemo(() => askedQuestions(queue.questions, values), [queue.questions, values]);
  const stops = useMemo(() => stopsOf(asked), [asked]);
  const at = item && cursor?.itemId === item.itemId ? Math.min(cursor.stop, stops.length - 1) : 0;
  const missing = item ? missingIn(asked, filled(queue, item, values), item.content.candidates.length) : NO_MISSING;

  function give(outcome: Outcome, of: AnnotationValues = values) {
    if (!item) return;
    const all = filled(queue, item, of);
    const isWhole = Object.keys(missingIn(queue.questions, all, item.content.candidates.length)).length === 0;
    if (outcome === "submitted" && !isWhole) return setIsChecked(item.itemId);
    answering.give(outcome, outcome === "submitted" ? answersToSend(queue.questions, all) : {});
  }
  /** Sets a value. If it answers the only question of a queue, the answer is submitted; otherwise the focus moves on. */
  function choose(next: AnnotationValues, stop: number) {
    if (!item) return;
    answering.edit({ values: next });
    const place = stops[stop];
    if (!place || !isChosenAtOnce(place.question)) return;
    const after = stopsOf(askedQuestions(queue.questions, next)).length;
    if (isQuick && after === 1) give("submitted", next);
    else
      setCursor({
        itemId: item.itemId,
        stop: Math.min(stop + 1, after - 1),
      });
  }
  function change(key: string, value: AnnotationValue | undefined, stop: number) {
    const { [key]: _, ...rest } = values;
    const next = value === undefined ? rest : { ...rest, [key]: value };
    if (JSON.stringify(next) !== JSON.stringify(values)) choose(next, stop);
    else answering.edit({ values: next });
  }
  const undo = () =>
    void answering.undo().catch((error: unknown) => toastFailed("The answer was not undone", explain(error)));
  useAnswerKeys({
    stops,
    at,
    values,
    isShown: item !== undefined,
    choose,
    moveStop: (by) =>
      item && setCursor({ itemId: item.itemId, stop: Math.max(0, Math.min(stops.length - 1, at + by)) }),
    move: answering.move,
    give,
    undo,
    open: setOpened,
  });
  return (
    <div className="flex h-full min-h-0 flex-col">
      <DeskHeader
        queue={queue}
        state={state}
        item={item}
        isQuick={isQuick}
        canBeQuick={stops.length === 1}
        onQuick={setIsQuick}
        onGuideline={() => setOpened("guideline")}
      />
      <DeskNotes state={state} forget={answering.forgetRefused} />
      {item ? (
        <div className="grid min-h-0 grow max-lg:block max-lg:overflow-y-auto lg:grid-cols-[minmax(0,1fr)_400px]">
          <section
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled box must be focusable to be scrolled by keyboard.
            tabIndex={0}
            aria-label="Item"
            className="min-h-0 overflow-y-auto p-6 max-lg:overflow-visible max-md:p-4 focus-visible:-outline-offset-2"
          >
            <ItemContent content={item.content} />
          </section>
          <aside aria-label="Questions" className="flex min-h-0 flex-col border-line lg:border-l max-lg:border-t">
            <div className="min-h-0 grow overflow-y-auto p-4 max-lg:overflow-visible">
              {item.suggestion && <SuggestionNote suggestion={item.suggestion} />}
              <QuestionList
                key={item.itemId}
                questions={asked}
                stops={stops}
                at={at}
                item={item}
                missing={isChecked === item.itemId ? missing : NO_MISSING}
                onFocus={(stop) => setCursor({ itemId: item.itemId, stop })}
                onChange={change}
              />
            </div>
            <AnswerBar
              isComplete={Object.keys(missing).length === 0}
              canUndo={state.given.length > 0}
              comments={item.commentCount}
              give={give}
              undo={undo}
              discuss={() => setOpened("discuss")}
            />
          </aside>
        </div>
      ) : (
        <Nothing queue={queue} state={state} retry={answering.retry} undo={undo} />
      )}
      {opened === "guideline" && <GuidelineDialog queue={queue} close={() => setOpened(undefined)} />}
      {opened === "discuss" && item && <ItemComments itemId={item.itemId} close={() => setOpened(undefined)} />}
    </div>
  );
}

const NOTHING: AnnotationValues = {};
const NO_MISSING: Readonly<Record<string, string>> = {};
const filled = (queue: Queue, item: HeldItem, values: AnnotationValues) =>
  withUncorrected(queue.questions, item.content.fields, values);

type NothingProps = { queue: Queue; state: AnsweringState; retry: () => void; undo: () => void };

/** Shown without an item: while items load, after an error, or at the end of the queue. */
function Nothing({ queue, state, retry, undo }: NothingProps) {
  if (state.phase === "failed" && !state.isOffline)
    return <ErrorState error={state.error} retry={retry} title="The items could not be loaded" />;
  if (state.isOffline || state.phase === "failed")
    return (
      <EmptyState
        title="The server is not responding"
        icon={<CloudOff size={22} />}
        action={<Button onClick={retry}>Retry</Button>}
      >
        {state.unsent > 0
          ? `${formatNumberOf(state.unsent, "unsent answer")} ${state.unsent === 1 ? "is" : "are"} stored in this browser and will be sent when the server responds.`
          : "All your answers have been sent."}
      </EmptyState>
    );
  if (state.phase === "loading")
    return (
      <div aria-busy className="grid gap-4 p-6 lg:grid-cols-[1fr_400px]">
        <Skeleton className="h-80" />
        <Skeleton className="h-60" />
      </div>
    );
  return (
    <EmptyState
      title="No items left for you"
      icon={<CircleCheck size={22} />}
      action={
        <>
          <Button onClick={retry}>Check again</Button>
          {state.given.length > 0 && <Button onClick={undo}>Undo last answer</Button>}
          <Link to="/annotation/$queueId" params={{ queueId: queue.queueId }} className={buttonLook("plain")}>
            Open queue
          </Link>
        </>
      }
    >
      You have answered {formatNumberOf(state.mine?.submitted ?? 0, "item")} of this queue. Items that other annotators
      hold may become available again.
    </EmptyState>
  );
}
