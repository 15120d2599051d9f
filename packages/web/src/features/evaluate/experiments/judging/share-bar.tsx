const LOOKS = ["bg-good", "bg-line-strong", "bg-bad"] as const;

/** Items won, tied and lost, as lengths of one bar. */
export function ShareBar({ parts, label }: { parts: readonly [number, number, number]; label: string }) {
  const total = parts[0] + parts[1] + parts[2];
  if (total === 0) return null;
  return (
    <span role="img" aria-label={label} title={label} className="flex h-1.5 w-24 gap-px overflow-hidden rounded-full">
      {LOOKS.map((look, at) => (
        <span key={look} className={look} style={{ width: `${(100 * (parts[at] ?? 0)) / total}%` }} />
      ))}
    </span>
  );
}
