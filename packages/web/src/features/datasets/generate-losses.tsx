import type { SynthesisTally } from "@treadle/contract";
import { formatCount } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { LOSS_WORDS } from "./generate-words.ts";

/** What was made or tried and is not among the items, with some of it to look at. */
export function GenerateLosses({ tally }: { tally: Pick<SynthesisTally, "losses" | "samples"> }) {
  if (tally.losses.length === 0) return null;
  return (
    <Section title="What was lost">
      <ul className="flex flex-col gap-3 px-4 pb-4">
        {tally.losses.map(({ loss, count }) => (
          <li key={loss}>
            <p>
              <span className="num font-medium">{formatCount(count)}</span> {LOSS_WORDS[loss]}
            </p>
            {tally.samples
              .filter((sample) => sample.loss === loss)
              .map(({ text }, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and texts may be the same.
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
