import type { ReactNode } from "react";

const LOOKS = { good: "bg-accent-soft", neutral: "bg-raised", warn: "bg-warn-soft", bad: "bg-bad-soft" } as const;
export type RunTone = keyof typeof LOOKS;

type EndProps = {
  tone: RunTone;
  /** How the run ended. */
  words: ReactNode;
  /** What to do next: buttons and links. */
  children?: ReactNode;
};

/** How a run ended, in one line, with the next steps. */
export function RunEnd({ tone, words, children }: EndProps) {
  return (
    <div role="status" className={`flex flex-wrap items-center gap-3 rounded-control px-3 py-2 ${LOOKS[tone]}`}>
      <div className="min-w-0 grow basis-80 [overflow-wrap:anywhere]">{words}</div>
      {children}
    </div>
  );
}
