// What redaction before storage costs per span: the same requests of OTLP in protobuf turned into rows with and without
// it, alternating in one run, in CPU time of this thread. Then texts of 1 MB. Goals: at most 4 times the CPU time per
// span, 600 ms for 1 MB of prose or JSON, and 3 s for 1 MB that is made to be slow.
// Usage: node bench/otlp/redaction.ts [--rounds 12]
import { parseArgs } from "node:util";
import { PRIVACY_FIELDS } from "../../packages/contract/src/index.ts";
import { createRedactors, type PrivacyRules } from "../../packages/server/src/modules/observe/redaction/index.ts";
import { digest } from "../../packages/server/src/modules/observe/traces/otlp/digest/digest.ts";
import { freshenIds, makeRequest, placesOfIds } from "./otlp-spans.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "12" } } });
const ROUNDS = Number(values.rounds);
const SPANS = 512;
const REQUESTS = 8;
const MOST_TIMES = 4;
const MOST_LONG_MS = 600;
const MOST_HOSTILE_MS = 3_000;
const USUAL = new Set(["prose", "json"]);

const rules: PrivacyRules = {
  revision: "bench 1",
  detectors: [
    { detector: "secrets", options: {} },
    { detector: "personal-data", options: {} },
  ],
  fields: PRIVACY_FIELDS,
  replacement: "hash",
  failure: "withhold",
  media: "withhold",
  contentShare: 1,
  hashKey: "00".repeat(32),
};

const body = makeRequest(SPANS);
const ids = placesOfIds(body);

/** Microseconds of CPU per span. */
function measure(privacy: PrivacyRules | null): number {
  const before = process.threadCpuUsage();
  for (let request = 0; request < REQUESTS; request++) {
    freshenIds(body, ids);
    const bytes = new Uint8Array(body);
    const order = { signal: "traces", isProtobuf: true, projectId: "p", isWatched: false, prices: [] } as const;
    digest({ ...order, bytes, privacy, now: Date.now() });
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / (SPANS * REQUESTS);
}

const median = (numbers: readonly number[]) => numbers.toSorted((one, two) => one - two)[numbers.length >> 1] ?? 0;
let hasMissed = false;

function report(what: string, value: number, atMost: number): void {
  hasMissed ||= value > atMost;
  console.log(
    `${what.padEnd(52)} ${value.toFixed(2).padStart(9)}  goal ≤ ${atMost}  ${value > atMost ? "MISSED" : "met"}`,
  );
}

const rounds = Array.from({ length: ROUNDS + 1 }, () => [measure(null), measure(rules)] as const).slice(1);
const ratios = rounds.map(([plain, redacted]) => redacted / plain);
console.log(`spans of ${Math.round(body.length / SPANS)} bytes, ${ROUNDS} rounds of ${SPANS * REQUESTS}`);
console.log(`  without ${median(rounds.map(([plain]) => plain)).toFixed(1)} µs per span`);
console.log(`  with    ${median(rounds.map(([, redacted]) => redacted)).toFixed(1)} µs per span`);
report("CPU time per span with redaction, times without", median(ratios), MOST_TIMES);

const prose = "The order 4711-22 of the customer has not arrived, and the page shows nothing since Monday. ";
const LONG: Readonly<Record<string, string>> = {
  prose: prose.repeat(11_000).slice(0, 1_000_000),
  digits: "4111 1111 1111 ".repeat(67_000).slice(0, 1_000_000),
  "at signs": "a@b ".repeat(250_000).slice(0, 1_000_000),
  addresses: "ada@example.org, ".repeat(59_000).slice(0, 1_000_000),
  json: JSON.stringify(Array.from({ length: 9_000 }, (_, at) => ({ id: at, text: prose }))).slice(0, 999_999),
};
const redactor = createRedactors()(rules);
for (const [name, text] of Object.entries(LONG)) {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    redactor.text("attributes", text);
    return performance.now() - start;
  });
  report(`ms for a text of 1 MB, ${name}`, median(times), USUAL.has(name) ? MOST_LONG_MS : MOST_HOSTILE_MS);
}
const endless = Buffer.from(prose.repeat(200_000)).toString();
const start = performance.now();
redactor.text("attributes", endless);
report("ms for a text of 18 MB, which is withheld", performance.now() - start, 1);
process.exitCode = hasMissed ? 1 : 0;
