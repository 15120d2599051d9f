import { formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { ScrollBox } from "../../components/scroll-box.tsx";
import type { Preview } from "./use-training.ts";

type Sample = Preview["samples"][number];

/** The first rows as the model sees them: what the loss counts stands out, the rest is grey. */
export function MaskPreview({ preview }: { preview: Preview }) {
  return (
    <Section
      title="As the model sees it"
      description="The loss counts only what is marked. Look for the end of an answer: it has to be marked too, or the model never learns to stop."
    >
      <ol className="border-line border-t">
        {preview.samples.map((sample, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the samples of one answer never move.
          <li key={place} className="border-line border-b px-4 py-3 last:border-0">
            <p className="num mb-1 flex flex-wrap gap-x-3 text-xs text-muted">
              <span>{formatNumberOf(sample.length, "token")}</span>
              <span>{sample.trainable} counted</span>
              {sample.truncated && <span className="text-warn">cut at the length</span>}
              {sample.trainable === 0 && <span className="text-bad">nothing is learnt from it</span>}
            </p>
            <ScrollBox label={`Sample ${place + 1}`} className="max-h-80">
              <Tokens tokens={sample.tokens} />
            </ScrollBox>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Neighbours that are counted alike are drawn as one piece. */
function Tokens({ tokens }: { tokens: Sample["tokens"] }) {
  const pieces: { text: string; masked: boolean; at: number }[] = [];
  for (const [at, { text, masked }] of tokens.entries()) {
    const last = pieces.at(-1);
    if (last?.masked === masked) last.text += text;
    else pieces.push({ text, masked, at });
  }
  return (
    <pre dir="auto" className="text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
      {pieces.map(({ text, masked, at }) =>
        masked ? (
          <span key={at} className="text-muted">
            {text}
          </span>
        ) : (
          <mark key={at} className="rounded-[2px] bg-accent-soft text-text">
            {text}
          </mark>
        ),
      )}
    </pre>
  );
}
