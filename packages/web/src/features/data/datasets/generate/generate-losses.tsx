import type { SynthesisTally } from "@treadle/contract";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { LOSS_WORDS } from "./generate-words.ts";

/** Generated items that were dropped and failed attempts, with examples. */
export function GenerateLosses({ tally }: { tally: Pick<SynthesisTally, "losses" | "samples"> }) {
  if (tally.losses.length === 0) return null;
  return (
    <Section title="Dropped items">
      <ul className="flex flex-col gap-3 px-4 pb-4">
        {tally.losses.map(({ loss, count }) => (
          <li key={loss}>
            <p>
              <span className="num font-medium">{formatCount(count)}</span> {LOSS_WORDS[loss]}
            </p>
            {tally.samples
              .filter((sample) => sample.loss === loss)
              .map(({ text }, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and texts can repeat.
                <p key={place} className="line-clamp-2 text-xs text-muted [overflow-wrap:anywhere]">
                  {text}
                </p>
              ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}
