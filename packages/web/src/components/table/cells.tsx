import {
  formatAgo,
  formatCompact,
  formatCount,
  formatDuration,
  formatExactTime,
  formatMoney,
  formatTime,
} from "../text/format.ts";

const STATUS_LOOKS = {
  ok: { dot: "bg-good", word: "OK" },
  error: { dot: "bg-bad", word: "Error" },
  cancelled: { dot: "bg-warn", word: "Canceled" },
} as const;
export type Status = keyof typeof STATUS_LOOKS;

/** A dot and the word for it; the dot alone never carries the meaning. */
export function StatusCell({ status }: { status: Status }) {
  const { dot, word } = STATUS_LOOKS[status];
  return (
    <span className={`inline-flex items-center gap-1.5 ${status === "error" ? "font-medium text-bad" : ""}`}>
      <span
        aria-hidden
        className={`size-1.75 shrink-0 ${dot} ${status === "error" ? "rounded-[2px]" : "rounded-full"}`}
      />
      {word}
    </span>
  );
}

/** One line of a longer text; the rest shows on hover. */
export function TextCell({ text, isMuted = false }: { text: string; isMuted?: boolean }) {
  if (!text)
    return (
      <span className="text-faint" aria-hidden>
        –
      </span>
    );
  return (
    <span dir="auto" title={text.slice(0, 1_000)} className={`truncate ${isMuted ? "text-muted" : ""}`}>
      {text.replaceAll(/\s+/g, " ")}
    </span>
  );
}

/** A time in the viewer's time zone; exact to the millisecond on hover. */
export function TimeCell({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={formatExactTime(iso)} className="num text-muted">
      {formatTime(iso)}
    </time>
  );
}

/** A relative time; the exact time on hover. */
export function AgoCell({ iso }: { iso: string | null }) {
  if (iso === null) return <span className="text-muted">never</span>;
  return (
    <time dateTime={iso} title={formatExactTime(iso)} className="num whitespace-nowrap text-muted">
      {formatAgo(iso)}
    </time>
  );
}

export function DurationCell({ ms }: { ms: number | null }) {
  return <span title={ms === null ? "Not measured" : `${formatCount(ms)} ms`}>{formatDuration(ms)}</span>;
}

export function MoneyCell({ usd }: { usd: number | null }) {
  return <span title={usd === null ? "No price is known" : `$${usd}`}>{formatMoney(usd)}</span>;
}

/** Tokens in and out. */
export function TokensCell({ input, output }: { input: number; output: number }) {
  if (input + output === 0)
    return (
      <span className="text-faint" aria-hidden>
        –
      </span>
    );
  return (
    <span title={`${formatCount(input)} tokens in, ${formatCount(output)} out`}>
      {formatCompact(input)} <span className="text-muted">→</span> {formatCompact(output)}
    </span>
  );
}

export function TagsCell({ tags }: { tags: readonly string[] }) {
  return (
    <span className="flex min-w-0 gap-1" title={tags.join(", ")}>
      {tags.map((tag) => (
        <span key={tag} dir="auto" className="truncate rounded border border-line bg-raised px-1.5 text-xs">
          {tag}
        </span>
      ))}
    </span>
  );
}
