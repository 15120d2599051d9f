/** The sign of the product: a wheel, its crank and the pedal that turns it. */
export function Wheel({ size = 20 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round">
        <circle cx="16" cy="13" r="7" />
        <path d="M16 13 22 24M6 25.5h20" />
      </g>
      <circle cx="16" cy="13" r="1.8" fill="var(--on-accent)" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 text-xl font-semibold tracking-tight">
      <Wheel size={28} />
      Treadle
    </span>
  );
}
