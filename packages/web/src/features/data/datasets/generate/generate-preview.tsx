import type { SynthesisPreview } from "@treadle/contract";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";
import { ItemView } from "../items/item-view.tsx";
import { GenerateLosses } from "./generate-losses.tsx";
import { LOSS_WORDS } from "./generate-words.ts";

/** A few generated items with their outcome, and a forecast of the total cost. */
export function GeneratePreview({
  preview,
  count,
  isStale,
}: {
  preview: SynthesisPreview;
  count: number;
  isStale: boolean;
}) {
  const { items, kept, spent, forecast, why } = preview;
  const cost = spent.unpricedCalls > 0 ? "unknown cost" : formatMoney(spent.usd);
  return (
    <div className={`flex flex-col gap-4 ${isStale ? "opacity-60" : ""}`}>
      <Section
        title={`${formatNumberOf(items.length, "sample")} generated, ${formatCount(kept)} kept`}
        description={`${formatNumberOf(spent.calls, "call")}, ${formatNumberOf(spent.tokens, "token")}, ${cost}. ${why}${isStale ? " The form has changed since this preview." : ""}`}
      >
        {forecast && (
          <p className="px-4 pb-2">
            At this rate, {formatNumberOf(count, "item")} need about {formatNumberOf(forecast.tokens, "token")}
            {forecast.usd === null ? "." : `, ${formatMoney(forecast.usd)}.`}
          </p>
        )}
        <ul className="divide-y divide-line border-line border-t">
          {items.map(({ item, loss, score, reason }) => (
            <li key={item.itemId}>
              <p className={`px-4 pt-3 text-xs ${loss ? "text-warn" : "text-good"}`}>
                {loss ? `Dropped: ${LOSS_WORDS[loss]}` : "Kept"}
                {score !== null && ` · ${score} of 10`}
                {reason && <span className="text-muted"> · {reason}</span>}
              </p>
              <ItemView item={item} />
            </li>
          ))}
        </ul>
      </Section>
      <GenerateLosses tally={preview} />
    </div>
  );
}
