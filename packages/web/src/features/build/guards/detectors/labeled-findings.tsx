import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { useProject } from "../../../system/session/index.ts";
import { kindWords } from "../shared/guard-words.ts";
import type { Names } from "../shared/scope-words.ts";
import { type Detector, type Label, useLabel, useLabels } from "../shared/use-detectors.ts";
import { useActorNames } from "../shared/use-names.ts";
import { FindingExcerpt } from "./finding-excerpt.tsx";

const route = getRouteApi("/shell/guards/detectors/$name");
const SIDES = ["wrong", "right"] as const;
const SIDE_WORDS = { wrong: "False alarms", right: "Right" } as const;

/** The findings that people labeled, each with its trace and its place. */
export function LabeledFindings({ detector: { name } }: { detector: Detector }) {
  const side = route.useSearch().labels === "right" ? "right" : "wrong";
  const navigate = route.useNavigate();
  return (
    <Section
      title="Labels"
      description="What people said about findings, newest first. Label findings on the Preview tab of a policy."
      action={
        <Choice
          label="Labels"
          names={SIDES}
          words={SIDE_WORDS}
          chosen={side}
          onChoose={(next) => void navigate({ search: { labels: next === "right" ? next : undefined }, replace: true })}
        />
      }
    >
      <LabelList key={`${name} ${side}`} name={name} side={side} />
    </Section>
  );
}

function LabelList({ name, side }: { name: string; side: (typeof SIDES)[number] }) {
  const list = useLabels(name, side === "right");
  const names = useActorNames();
  const labels = list.data?.pages.flatMap(({ items }) => items);
  if (list.error && !labels)
    return <ErrorState error={list.error} retry={() => list.refetch()} title="The labels could not be loaded" />;
  if (!labels) return <Skeleton className="mx-4 mb-4 h-16" />;
  if (labels.length === 0)
    return (
      <p className="px-4 pb-4 text-muted">
        {side === "right" ? "No finding was labeled as right." : "No finding was labeled as a false alarm."}
      </p>
    );
  return (
    <>
      <ul aria-label={SIDE_WORDS[side]} className="divide-y divide-line border-line border-t">
        {labels.map((label) => (
          <LabelItem key={label.guardLabelId} label={label} names={names} />
        ))}
      </ul>
      <MoreRows list={list} />
    </>
  );
}

function LabelItem({ label, names }: { label: Label; names: Names }) {
  const { can } = useProject();
  const [isShown, setIsShown] = useState(false);
  const { kind, detector, path, start, end, actor, updatedAt } = label;
  return (
    <li className="flex flex-col gap-1.5 px-4 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{kindWords(kind, detector)}</span>
        <span className="num font-mono text-xs text-muted [overflow-wrap:anywhere]">
          {path}, {start}–{end}
        </span>
        <span className="text-muted">
          by <bdi>{names.get(actor) ?? actor}</bdi>
        </span>
        <AgoCell iso={updatedAt} />
        <span className="ml-auto flex flex-wrap items-center gap-2 max-md:ml-0">
          {can("traces:read") && (
            <Button size="small" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>
              {isShown ? "Hide text" : "Show text"}
            </Button>
          )}
          {can("guards:write") && <OtherLabel label={label} />}
          <TraceLink label={label} />
        </span>
      </div>
      {isShown && <FindingExcerpt label={label} />}
    </li>
  );
}

const TraceLink = ({ label: { traceId, spanId } }: { label: Label }) => (
  <Link
    to="/traces/$traceId"
    params={{ traceId }}
    search={{ span: spanId }}
    className="text-accent underline underline-offset-2"
  >
    Open trace
  </Link>
);

/** Says the opposite. It replaces the user's own label, and is a second vote about a label of another user. */
function OtherLabel({ label: { traceId, spanId, detector, kind, path, start, end, isRight } }: { label: Label }) {
  const label = useLabel();
  const say = () => label.mutate({ traceId, spanId, detector, kind, path, start, end, isRight: !isRight });
  return (
    <Button size="small" isBusy={label.isPending} onClick={say}>
      {isRight ? "False alarm" : "Right"}
    </Button>
  );
}
