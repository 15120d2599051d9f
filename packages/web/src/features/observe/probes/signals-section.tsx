import { ErrorState } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount } from "../../../components/text/format.ts";
import { type ModelSignal, type Probe, useModelSignals } from "./use-probes.ts";

/** What calls of applications show about the model by day, newest first. */
export function SignalsSection({ probe }: { probe: Probe }) {
  const { data, error, refetch } = useModelSignals(probe);
  return (
    <Section
      title="Signals of ordinary traffic"
      description="From your own calls of this model, without extra cost: the model name and fingerprint in the answers, tokens of repeated texts, and speed. Changes are marked."
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => refetch()} title="The signals could not be loaded" />
      ) : data?.items.length === 0 ? (
        <p className="px-4 pb-4 text-muted">
          No call of your applications has used this model through the gateway in the last 30 days.
        </p>
      ) : (
        <PlainTable label="Signals by day" columns={COLUMNS} rows={data?.items.toReversed()} idOf={({ day }) => day} />
      )}
    </Section>
  );
}

type Change = ModelSignal["changes"][number];

/** A value, marked if it differs from the day before. */
const Marked = ({ signal, change, words }: { signal: ModelSignal; change: Change; words: string }) =>
  signal.changes.includes(change) ? (
    <span className="font-medium text-warn [overflow-wrap:anywhere]">▲ {words}</span>
  ) : (
    <span className="[overflow-wrap:anywhere]">{words}</span>
  );

const orDash = (values: readonly string[]) => values.filter(Boolean).join(", ") || "–";

const COLUMNS: readonly PlainColumn<ModelSignal>[] = [
  { id: "day", header: "Day", className: "num whitespace-nowrap", cell: ({ day }) => day },
  {
    id: "model",
    header: "Model in answers",
    className: "w-full min-w-32",
    cell: (signal) => <Marked signal={signal} change="model" words={orDash(signal.responseModels)} />,
  },
  {
    id: "fingerprint",
    header: "Fingerprint",
    isWide: true,
    className: "min-w-32",
    cell: (signal) => <Marked signal={signal} change="fingerprint" words={orDash(signal.fingerprints)} />,
  },
  {
    id: "tokens",
    header: "Tokens, same texts",
    isNumber: true,
    cell: (signal) => (
      <Marked
        signal={signal}
        change="tokens"
        words={signal.tokenRatio === null ? "–" : `× ${signal.tokenRatio.toFixed(3)}`}
      />
    ),
  },
  {
    id: "speed",
    header: "Tokens/s",
    isNumber: true,
    cell: (signal) => (
      <Marked
        signal={signal}
        change="speed"
        words={signal.tokensPerSecond === null ? "–" : signal.tokensPerSecond.toFixed(1)}
      />
    ),
  },
  { id: "calls", header: "Calls", isNumber: true, isWide: true, cell: ({ calls }) => formatCount(calls) },
];
