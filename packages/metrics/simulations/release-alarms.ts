// How often the tests of a rollout alarm when nothing differs, and how soon they find a candidate with more errors.
import {
  type Count,
  createRandom,
  errorShareEvidence,
  oneSidedSequence,
  pooledRateDifference,
  RATIO_ALARM,
  type Random,
  sequentialRatioEValue,
} from "../src/index.ts";

/** Requests of both arms so far, with their errors as successes, at a constant share of the candidate. */
export type Seen = { readonly control: Count; readonly candidate: Count; readonly share: number };

export type Traffic = {
  readonly share: number;
  /** Errors per request. */
  readonly rates: { readonly control: number; readonly candidate: number };
  readonly requests: number;
  readonly looks: number;
};

/** ln(1 / α) at α = 5 %. */
const EVIDENCE = Math.log(20);
/** A pooled rate is close to normal from about so many requests of the candidate on. */
const LEAST_CANDIDATE = 100;

/** Whether a test alarms at one look, at a level of 5 % over all looks; the split at one of 0.1 %. */
export const ALARMS = {
  "share of errors": ({ control, candidate, share }: Seen): boolean => {
    const all = control.successes + candidate.successes;
    return errorShareEvidence([{ treatment: candidate.successes, all, share }]) >= EVIDENCE;
  },
  "pooled error rate": ({ control, candidate }: Seen): boolean => {
    const found = candidate.n < LEAST_CANDIDATE ? null : pooledRateDifference(control, candidate);
    const peek = found && oneSidedSequence(found);
    return peek !== null && peek.lowerBound > 0;
  },
  "split of requests": ({ control, candidate, share }: Seen): boolean =>
    sequentialRatioEValue([control.n, candidate.n], [1 - share, share]) >= RATIO_ALARM,
} as const;
export type Alarm = keyof typeof ALARMS;

/** How many requests there were when each alarm first sounded, over traffic that is looked at so often; infinite if never. */
function firstAlarms(alarms: readonly Alarm[], traffic: Traffic, random: Random): Map<Alarm, number> {
  const { share, rates, requests, looks } = traffic;
  const every = Math.max(1, Math.floor(requests / looks));
  const seen = { control: { n: 0, successes: 0 }, candidate: { n: 0, successes: 0 }, share };
  const silent = new Set(alarms);
  const first = new Map(alarms.map((alarm) => [alarm, Number.POSITIVE_INFINITY]));
  for (let request = 1; request <= requests && silent.size > 0; request += 1) {
    const arm = random.next() < share ? "candidate" : "control";
    seen[arm].n += 1;
    if (random.next() < rates[arm]) seen[arm].successes += 1;
    if (request % every !== 0) continue;
    for (const alarm of silent) if (ALARMS[alarm](seen) && silent.delete(alarm)) first.set(alarm, request);
  }
  return first;
}

/** The share of experiments in which each alarm ever sounded. */
export function alarmShares(traffic: Traffic, experiments: number): Record<Alarm, number> {
  const random = createRandom(2_027);
  const counts = { "share of errors": 0, "pooled error rate": 0, "split of requests": 0 };
  const alarms = ["share of errors", "pooled error rate", "split of requests"] as const;
  for (let experiment = 0; experiment < experiments; experiment += 1)
    for (const [alarm, request] of firstAlarms(alarms, traffic, random))
      if (Number.isFinite(request)) counts[alarm] += 1 / experiments;
  return counts;
}

/** After how many requests the alarm sounded in half and in nine tenths of the experiments; null where it did not within the traffic. */
export function requestsToAlarm(alarm: Alarm, traffic: Traffic, experiments: number) {
  const random = createRandom(2_028);
  const found = Array.from(
    { length: experiments },
    () => firstAlarms([alarm], traffic, random).get(alarm) ?? Number.POSITIVE_INFINITY,
  ).sort((one, other) => one - other);
  const at = (share: number) => {
    const requests = found[Math.ceil(experiments * share) - 1] ?? Number.POSITIVE_INFINITY;
    return Number.isFinite(requests) ? requests : null;
  };
  return { half: at(0.5), nineTenths: at(0.9) };
}
