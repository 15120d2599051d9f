import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import type { Optimisation } from "../shared/use-optimisations.ts";

const SHOWN = 5;
const sumWords = (value: number | null) => (value === null ? "–" : String(Number(value.toFixed(3))));

/** Changes that were tried on a few items and rejected, newest first. */
export function RefusedList({ refused }: Pick<Optimisation, "refused">) {
  const [isWhole, setIsWhole] = useState(false);
  if (refused.length === 0) return null;
  const latest = refused.toReversed();
  return (
    <Section
      title={`Rejected changes (${formatCount(refused.length)})`}
      description="Tried on a few feedback items and rejected. The numbers are sums over those items."
    >
      <ol className="divide-y divide-line border-line border-t">
        {(isWhole ? latest : latest.slice(0, SHOWN)).map(({ parents, reason, reflection, before, after }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rejected changes have no name, and the list only grows.
          <li key={at} className="px-4 py-2">
            <p className="flex flex-wrap gap-x-3">
              <span className="num text-muted">from {parents.join(" and ")}</span>
              <span className="grow basis-60 [overflow-wrap:anywhere]">{reason}</span>
              {(before !== null || after !== null) && (
                <span className="num text-muted">
                  {sumWords(before)} → {sumWords(after)}
                </span>
              )}
            </p>
            {reflection && (
              <div className="text-sm text-muted">
                <FoldedText text={reflection} />
              </div>
            )}
          </li>
        ))}
      </ol>
      {!isWhole && refused.length > SHOWN && (
        <div className="px-4 py-2">
          <Button size="small" onClick={() => setIsWhole(true)}>
            Show all {formatCount(refused.length)}
          </Button>
        </div>
      )}
    </Section>
  );
}
