type BarProps = {
  label: string /** From 0 to 1; undefined while the end is not known. */;
  value: number | undefined;
  tone?: "accent" | "warn" | "bad";
  className?: string;
};

const TONES = { accent: "bg-accent", warn: "bg-warn", bad: "bg-bad" } as const;

/** The progress of a task, or a fill level. */
export function ProgressBar({ label, value, tone = "accent", className = "" }: BarProps) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={`h-1.5 overflow-hidden rounded-full bg-raised ${className}`}
    >
      <div
        className={`h-full rounded-full transition-[width] duration-150 ${TONES[tone]} ${percent === undefined ? "w-1/3 animate-pulse" : ""}`}
        style={percent === undefined ? undefined : { width: `${percent}%` }}
      />
    </div>
  );
}
