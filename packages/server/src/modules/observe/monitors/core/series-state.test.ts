import { describe, expect, test } from "vitest";
import { advance, type Evaluation, newSeries, type SeriesMemory, type SeriesRules, type Step } from "./series-state.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-11-20T10:00:00Z");
const RULES: SeriesRules = { holdFor: { needed: 1, of: 1 }, recoverAfterSeconds: 300, onNoData: "show" };
const POINT = { value: 1, n: 10, lower: 0.5, upper: 1.5, expected: null, evidence: null };

const at = (minute: number, more: Partial<Evaluation> = {}): Evaluation => ({
  end: START + minute * MINUTE,
  kind: "value",
  severity: null,
  isGood: true,
  point: POINT,
  detector: 0,
  ...more,
});
const bad = { severity: "critical", isGood: false } as const;

/** The steps of evaluations one minute apart. `!` is critical, `w` warning, `~` neither bad nor good, `.` good, `-` no data, `x` an error. */
function run(signs: string, rules: Partial<SeriesRules> = {}, from: SeriesMemory = newSeries(START)): Step[] {
  const kinds: Readonly<Record<string, Partial<Evaluation>>> = {
    "!": bad,
    w: { severity: "warning", isGood: false },
    "~": { isGood: false },
    ".": {},
    "-": { kind: "no-data" },
    x: { kind: "error" },
  };
  const steps: Step[] = [];
  let memory = from;
  for (const [minute, sign] of [...signs].entries()) {
    const step = advance(memory, at(minute + 1, kinds[sign]), { ...RULES, ...rules });
    memory = step.memory;
    steps.push(step);
  }
  return steps;
}
const statesOf = (steps: readonly Step[]) => steps.map(({ memory }) => memory.state);
const effectsOf = (steps: readonly Step[]) => steps.map(({ effect }) => effect);
const noticesOf = (steps: readonly Step[]) => steps.flatMap(({ notices }) => notices);

describe("firing", () => {
  test("a series fires when its condition holds, and recovers when it has been good for long enough", () => {
    const steps = run(".!~......");
    expect(statesOf(steps)).toEqual([
      ...["ok", "firing", "firing", "recovering", "recovering"],
      ...["recovering", "recovering", "recovering", "ok"],
    ]);
    expect(effectsOf(steps).map((effect) => effect ?? "")).toEqual(["", "open", "", "", "", "", "", "", "recover"]);
  });

  test("a value between recovery and threshold neither fires nor recovers", () => {
    expect(statesOf(run(".~~"))).toEqual(["ok", "ok", "ok"]);
    expect(statesOf(run("!.~.", { recoverAfterSeconds: 60 }))).toEqual([
      "firing",
      "recovering",
      "firing",
      "recovering",
    ]);
  });

  test("a series waits until the condition holds in enough evaluations", () => {
    const rules = { holdFor: { needed: 2, of: 3 } };
    expect(statesOf(run("!..!.!", rules))).toEqual(["pending", "pending", "pending", "pending", "pending", "firing"]);
    expect(statesOf(run("!...", rules))).toEqual(["pending", "pending", "pending", "ok"]);
    expect(effectsOf(run("!...", rules))).toEqual([null, null, null, null]);
  });

  test("a warning escalates to critical within one incident, and does not fall back before it recovers", () => {
    const steps = run("w!w", {});
    expect(steps.map(({ memory }) => memory.severity)).toEqual(["warning", "critical", "critical"]);
    expect(effectsOf(steps)).toEqual(["open", "open", null]);
    expect(steps[1]?.transition).toEqual({ from: "firing", to: "firing", severity: "critical" });
    expect(steps[2]?.transition).toBeNull();
  });

  test("a critical hold needs critical evaluations", () => {
    const steps = run("!ww", { holdFor: { needed: 2, of: 3 } });
    expect(steps.map(({ memory }) => memory.severity)).toEqual([null, "warning", "warning"]);
  });

  test("with no time to recover, the first good value resolves", () => {
    expect(statesOf(run("!.", { recoverAfterSeconds: 0 }))).toEqual(["firing", "ok"]);
  });
});

describe("the end of the window", () => {
  test("identifies an evaluation: the same window, or an earlier one, changes nothing", () => {
    const { memory } = advance(newSeries(START), at(5, bad), RULES);
    for (const minute of [5, 4, 1]) {
      const again = advance(memory, at(minute, { severity: null }), RULES);
      expect(again).toEqual({ memory, transition: null, effect: null, notices: [] });
    }
  });

  test("measures how long a series was good, also over a gap without evaluations", () => {
    const { memory } = run("!.").at(-1) as Step;
    expect(advance(memory, at(62), RULES).memory.state).toBe("ok");
  });
});

describe("missing data", () => {
  test("is shown, and keeps an incident open", () => {
    const steps = run("!-!", {});
    expect(statesOf(steps)).toEqual(["firing", "no-data", "firing"]);
    expect(effectsOf(steps)).toEqual(["open", null, null]);
    expect(noticesOf(steps)).toEqual([]);
  });

  test("is announced once with `notify`", () => {
    expect(noticesOf(run(".---.", { onNoData: "notify" }))).toEqual(["no-data"]);
  });

  test("counts as good with `ok`, and as nothing with `keep`", () => {
    expect(statesOf(run("!--", { onNoData: "ok", recoverAfterSeconds: 60 }))).toEqual(["firing", "recovering", "ok"]);
    expect(statesOf(run("!---", { onNoData: "keep" }))).toEqual(["firing", "firing", "firing", "firing"]);
  });

  test("does not hold a condition", () => {
    expect(statesOf(run("!-!", { holdFor: { needed: 2, of: 3 } }))).toEqual(["pending", "no-data", "pending"]);
  });

  test("is not an error, and an error is announced when it persists", () => {
    const steps = run(".xxxx.");
    expect(statesOf(steps)).toEqual(["ok", "error", "error", "error", "error", "ok"]);
    expect(noticesOf(steps)).toEqual(["error"]);
    expect(noticesOf(run("xx.xx."))).toEqual([]);
    expect(effectsOf(run("!x.", { recoverAfterSeconds: 0 }))).toEqual(["open", null, "recover"]);
  });
});

describe("flapping", () => {
  test("six changes in an hour are announced once, and again when the series is stable", () => {
    const steps = run(`!.!.!.!.!.${".".repeat(31)}!`, { recoverAfterSeconds: 0 });
    expect(noticesOf(steps)).toEqual(["flapping", "stable"]);
    const since = steps.findIndex(({ notices }) => notices.includes("flapping"));
    const until = steps.findIndex(({ notices }) => notices.includes("stable"));
    expect([since, until]).toEqual([5, 39]);
    expect(steps.slice(since, until).every(({ memory }) => memory.flappingSince !== null)).toBe(true);
    expect(steps.at(-1)?.memory.flappingSince).toBeNull();
  });

  test("waiting to fire and recovering do not count", () => {
    const steps = run("!.~.~.~.~.~.~.~", { recoverAfterSeconds: 600 });
    expect(noticesOf(steps)).toEqual([]);
  });

  test("slow changes do not count together", () => {
    let memory = newSeries(START);
    const notices: string[] = [];
    for (let minute = 0; minute < 600; minute += 15) {
      const step = advance(memory, at(minute + 1, (minute / 15) % 2 === 0 ? bad : {}), {
        ...RULES,
        recoverAfterSeconds: 0,
      });
      memory = step.memory;
      notices.push(...step.notices);
    }
    expect(notices).toEqual([]);
  });
});

test("evidence of a change is dropped when the series recovers", () => {
  const open = advance(newSeries(START), at(1, { ...bad, detector: 8_640 }), RULES);
  const resolved = advance(open.memory, at(2, { detector: 4_000 }), { ...RULES, recoverAfterSeconds: 0 });
  expect([open.memory.detector, resolved.memory.detector]).toEqual([8_640, 0]);
});
