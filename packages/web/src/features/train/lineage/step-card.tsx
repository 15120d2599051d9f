import { Link } from "@tanstack/react-router";
import {
  Bot,
  Boxes,
  CircleHelp,
  Database,
  FileText,
  GraduationCap,
  Lock,
  type LucideIcon,
  MessageSquareText,
  Rows3,
  Shuffle,
  Signpost,
  Split,
  Sprout,
  Unlink,
} from "lucide-react";
import { formatExactTime, formatTime } from "../../../components/text/format.ts";
import { LineageTarget } from "./lineage-target.tsx";
import type { Step } from "./use-lineage.ts";

const KINDS: Readonly<Record<Step["kind"], { readonly word: string; readonly icon: LucideIcon }>> = {
  source: { word: "Source", icon: Sprout },
  row: { word: "Row", icon: Rows3 },
  file: { word: "File", icon: FileText },
  dataset: { word: "Dataset", icon: Database },
  base: { word: "Base model", icon: Bot },
  "training-run": { word: "Training run", icon: GraduationCap },
  version: { word: "Model version", icon: Boxes },
  rollout: { word: "Rollout", icon: Split },
  variant: { word: "Variant", icon: Shuffle },
  "endpoint-version": { word: "Endpoint version", icon: Signpost },
  name: { word: "Requested as", icon: Signpost },
  answer: { word: "Answer", icon: MessageSquareText },
};
const STATES = {
  gone: { word: "deleted", icon: Unlink },
  hidden: { word: "hidden", icon: Lock },
  unknown: { word: "unknown", icon: CircleHelp },
} as const;

type CardProps = { step: Step; isFocus: boolean; before: readonly string[] };

/** One step with its key facts and a link. A missing step shows why it is missing. */
export function StepCard({ step, isFocus, before }: CardProps) {
  const { kind, label, state, note, facts, target } = step;
  const { word, icon: Icon } = KINDS[kind];
  const missing = state === "there" ? null : STATES[state];
  const look = missing ? "border-dashed border-line-strong bg-bg" : "border-line bg-panel";
  return (
    <div
      aria-current={isFocus || undefined}
      className={`relative rounded-card border px-3 py-2 ${look} ${isFocus ? "outline-2 outline-accent" : ""} ${target ? "focus-within:border-accent hover:border-accent" : ""}`}
    >
      <p className="flex items-center gap-1.5 text-xs text-muted">
        <Icon aria-hidden size={12} className="shrink-0" />
        <span className="grow">{word}</span>
        {missing && (
          <span className="inline-flex items-center gap-1 text-warn">
            <missing.icon aria-hidden size={11} /> {missing.word}
          </span>
        )}
      </p>
      <p className="mt-0.5 line-clamp-2 font-medium [overflow-wrap:anywhere]" title={label}>
        <LineageTarget target={target}>{label}</LineageTarget>
      </p>
      {before.length > 0 && <p className="sr-only">{before.join("; ")}.</p>}
      {facts.length > 0 && (
        <dl className="mt-1 grid grid-cols-[minmax(0,auto)_minmax(45%,1fr)] items-baseline gap-x-2 text-xs">
          {facts.map(({ name, value }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd
                className="num line-clamp-2 min-w-0 text-right [overflow-wrap:anywhere]"
                title={isTime(value) ? formatExactTime(value) : value}
              >
                {isTime(value) ? formatTime(value) : value}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {note && <p className="mt-1 text-xs text-muted text-pretty">{note}</p>}
    </div>
  );
}

/** Times are ISO 8601 and are shown in the reader's time zone. */
const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);

/** A link to the source span of a row. */
export function SpanLink({
  traceId,
  spanId,
  children,
}: {
  traceId: string;
  spanId?: string | undefined;
  children: string;
}) {
  return (
    <Link
      to="/traces/$traceId"
      params={{ traceId }}
      search={{ span: spanId }}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {children}
    </Link>
  );
}
