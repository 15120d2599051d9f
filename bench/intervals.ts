// Simulates how often intervals contain the true mean, how often gates pass a true mean below their floor, what an
// experiment shows when it stops for precision, how often corrected judge rates contain the true rate, and how two-arm
// tests behave when they are looked at all the time. Prints the tables of docs/guide/metrics.md. The seed is fixed.
// Usage: node bench/intervals.ts [--draws N] [--table coverage|gates|stops|corrections|arms]; without a table it prints
// all of them.
import { parseArgs } from "node:util";
import { correctionCoverage, LABELS } from "../packages/metrics/simulations/correction-coverage.ts";
import { betaSource, MEANS, type Shares } from "../packages/metrics/simulations/coverage.ts";
import { COVERAGE, WRONG_PASSES } from "../packages/metrics/simulations/intervals-coverage.ts";
import { alarmShares, requestsToAlarm } from "../packages/metrics/simulations/release-alarms.ts";
import { drawnStopCoverage, type Stopped, stopCoverage } from "../packages/metrics/simulations/stop-coverage.ts";

const { values } = parseArgs({ options: { draws: { type: "string" }, table: { type: "string" } } });
/** As many as make a table in a minute or two. */
const DRAWS = { coverage: 1000, gates: 300, stops: 60, corrections: 100, arms: 800 } as const;
const drawsOf = (table: keyof typeof DRAWS) => (values.draws === undefined ? DRAWS[table] : Number(values.draws));
const SIZES = [5, 10, 20, 50, 200];
const PRECISIONS = [0.03, 0.05, 0.1];
const LEAST_ITEMS = 100;
const STOP_LEVEL = 0.975;

const inShare = (value: number) => value.toFixed(3).replace(/^0/, "");
const inBoth = ({ average, worst }: Shares) => `${inShare(average)}, ${inShare(worst)}`;
const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n`);
  console.log([row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n"));
}

const sizes = ["", ...SIZES.map((n) => `${n} items`)];
const bySize = (table: typeof COVERAGE, draws: number) =>
  Object.entries(table).map(([kind, shareOf]) => [kind, ...SIZES.map((n) => inBoth(shareOf({ n, draws })))]);
const atStop = (stopped: Stopped) => `${inBoth(stopped)}, ${Math.round(stopped.items)}`;

function printStops(): void {
  const stops = PRECISIONS.map((precision) => ({ precision, leastItems: LEAST_ITEMS, stopLevel: STOP_LEVEL }));
  const numbers = [0.05, 0.2, 0.5, 0.8, 0.95].flatMap((mean) => [0.5, 5, 50].map((size) => betaSource(mean, size)));
  printTable(
    "Coverage of the shown 95 % interval at the stop: average, worst, items on average",
    ["", ...PRECISIONS.map((precision) => `stop at ±${precision}`)],
    [
      ["pass or fail", ...stops.map((stop) => atStop(stopCoverage(MEANS, stop)))],
      [
        "numbers, beta",
        ...stops.map((stop) => atStop(drawnStopCoverage(numbers, { ...stop, draws: drawsOf("stops") }))),
      ],
    ],
  );
}

function printArms(): void {
  const shares = [0.01, 0.05, 0.1, 0.5];
  const inColumns = shares.map((share) => `share ${share * 100} %`);
  const falseAlarms = [0.01, 0.05, 0.3].map((rate) => ({
    rate,
    found: shares.map((share) =>
      alarmShares({ share, rates: { control: rate, candidate: rate }, requests: 20_000, looks: 200 }, drawsOf("arms")),
    ),
  }));
  printTable(
    "False alarms of two equal arms in 200 looks over 20,000 requests, at alpha .05 (the split: .001)",
    ["", ...inColumns],
    (["share of errors", "pooled error rate", "split of requests"] as const).flatMap((alarm) =>
      falseAlarms.map(({ rate, found }) => [
        `${alarm}, ${rate * 100} % errors`,
        ...found.map((all) => inShare(all[alarm])),
      ]),
    ),
  );
  const traffic = { requests: 100_000, looks: 10_000 };
  printTable(
    "Requests of both arms until more errors than 5 % are found, by the share of errors: median, 90 %",
    ["", ...inColumns],
    [0.08, 0.1, 0.15].map((candidate) => [
      `5 % → ${candidate * 100} %`,
      ...shares.map((share) => {
        const rates = { control: 0.05, candidate };
        const requests = requestsToAlarm("share of errors", { share, rates, ...traffic }, drawsOf("arms"));
        return `${requests.half ?? "> 100,000"}, ${requests.nineTenths ?? "> 100,000"}`;
      }),
    ]),
  );
}

const TABLES: Readonly<Record<string, () => void>> = {
  coverage: () =>
    printTable("Coverage of the shown 95 % interval: average, worst", sizes, bySize(COVERAGE, drawsOf("coverage"))),
  gates: () =>
    printTable(
      "Passes of a floor just above the true mean at alpha .05: average, worst",
      sizes,
      bySize(WRONG_PASSES, drawsOf("gates")),
    ),
  stops: printStops,
  arms: printArms,
  corrections: () =>
    printTable(
      "Coverage of the corrected 95 % interval of a rate (PPI++): average, worst",
      ["", ...LABELS.map((labels) => `${labels} labels`)],
      (["adjusted", "normal"] as const).map((interval) => [
        interval,
        ...LABELS.map((labels) => inBoth(correctionCoverage({ labels, draws: drawsOf("corrections"), interval }))),
      ]),
    ),
};

const wanted = values.table === undefined ? Object.values(TABLES) : [TABLES[values.table]];
for (const print of wanted) {
  if (!print) throw new Error(`There is no table "${values.table}". Tables: ${Object.keys(TABLES).join(", ")}.`);
  print();
}
