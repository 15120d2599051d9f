import { judgeText } from "./judge-text.ts";
import type { LateAnswer, LateAsking, LateChecks, LateDetectors } from "./late.ts";
import type { NotScanned, Rule, Trust } from "./policy.ts";
import { type Judging, lateRules, MOST_CHARACTERS } from "./run-rule.ts";

const USUAL_BUDGET_MS = 800;
type Shared = Omit<Judging, "trust" | "late">;

/** The detectors of a call that answer later, with what they answered. */
export function createLateChecks(judging: Shared, detectors: LateDetectors): LateChecks {
  const answers = new Map<string, readonly LateAnswer[]>();
  const asked = new Map<string, Promise<void>>();
  const isNeeded = (trust: Trust) => lateRules({ ...judging, trust, late: checks }).length > 0;

  async function askAll(text: string, trust: Trust): Promise<void> {
    const rules = lateRules({ ...judging, trust, late: checks });
    const first = text.length > MOST_CHARACTERS ? null : readFirst(text, { ...judging, trust }, detectors);
    const asking = rules.map(async ({ rule, place }): Promise<LateAnswer> => {
      const from = judging.now();
      const answer = await answerTo(rule, first, detectors);
      return { rule: place, from, to: judging.now(), ...answer };
    });
    answers.set(keyOf(text, trust), await Promise.all(asking));
  }

  const checks: LateChecks = {
    has: (detector) => detectors.has(detector),
    isNeeded,
    ask(text, trust) {
      if (text === "" || !isNeeded(trust)) return Promise.resolve();
      const key = keyOf(text, trust);
      const running = asked.get(key) ?? askAll(text, trust);
      asked.set(key, running);
      return running;
    },
    answersOf: (text, trust) => answers.get(keyOf(text, trust)),
  };
  return checks;
}

const keyOf = (text: string, trust: Trust) => `${trust}\n${text}`;

/** The text as the rules let it through whose detectors answer immediately. */
function readFirst(text: string, judging: Omit<Judging, "late">, detectors: LateDetectors) {
  const rules = judging.policy.rules.map((rule) => (detectors.has(rule.detector) ? { ...rule, scopes: [] } : rule));
  return { ...judgeText(text, { ...judging, policy: { rules } }), trust: judging.trust };
}

/** Nobody needs to be asked about a text that is blocked anyway. */
function answerTo(rule: Rule, first: ReturnType<typeof readFirst> | null, detectors: LateDetectors) {
  if (first === null) return { reason: "too-long" } as const;
  return first.action === "block" ? { findings: [] } : askRule(rule, first, detectors);
}

type Answer = { readonly findings: Awaited<ReturnType<typeof findWith>> } | { readonly reason: NotScanned };

type TrustedText = { readonly text: string; readonly trust: Trust };

/** Asks a detector within the time of its rule. Never rejects. */
async function askRule(rule: Rule, { text, trust }: TrustedText, detectors: LateDetectors): Promise<Answer> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new Error("out of time")), rule.budgetMs ?? USUAL_BUDGET_MS);
  const { promise: over, resolve } = Promise.withResolvers<Answer>();
  ending.signal.addEventListener("abort", () => resolve({ reason: "timeout" }), { once: true });
  const asking = { trust, threshold: rule.threshold, signal: ending.signal };
  try {
    const finding = findWith({ rule, text, asking }, detectors).then((findings): Answer => ({ findings }));
    return await Promise.race([finding, over]);
  } catch {
    return { reason: ending.signal.aborted ? "timeout" : "failed" };
  } finally {
    clearTimeout(timer);
  }
}

type Asked = { readonly rule: Rule; readonly text: string; readonly asking: LateAsking };

async function findWith({ rule, text, asking }: Asked, detectors: LateDetectors) {
  const detector = detectors.get(rule.detector);
  if (!detector) throw new Error(`there is no detector "${rule.detector}"`);
  const findings = await detector.find(text, rule.options, asking);
  if (!findings.every(({ score }) => Number.isFinite(score))) throw new Error("a score is not a number");
  return findings;
}
