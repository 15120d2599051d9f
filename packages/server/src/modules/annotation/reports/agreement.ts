import type { AgreementFigures, Estimate, QuestionAgreement } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { AnnotationDeps } from "../deps.ts";
import type { Queues } from "../queues-service.ts";
import { type AnsweredItem, createAnsweredStore } from "./answered-store.ts";
import { type Measure, measuresOf } from "./label-answers.ts";

type Deps = Pick<AnnotationDeps, "db" | "ask"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };
type Label = string | number;
/** What people said of one item, by person. */
type Unit = { readonly slice: string | null; readonly said: ReadonlyMap<string, Label> };

const MOST_ITEMS = 20_000;
const MOST_SLICES = 20;
const FEWEST_IN_SLICE = 5;
const LEVEL = 0.95;
const TEXTS = "Texts are not compared: no number says how far apart two of them are.";

/** How far people agree, question by question. Test items, whose answers everybody gives, are left out. */
export function createAgreement({ db, ask, queues }: Deps) {
  return async function agreement(scope: Scope, queueId: string, slice: string | undefined) {
    const queue = await queues.find(scope, queueId);
    const measures = measuresOf(await queues.questionsOf(queue));
    const found: AnsweredItem[] = [];
    let isPartial = false;
    for await (const item of createAnsweredStore(db).read(queueId, { fewest: 2 })) {
      if (item.isGold || item.status === "removed" || item.answers.length < 2) continue;
      isPartial = found.length === MOST_ITEMS;
      if (isPartial) break;
      found.push(item);
    }
    const items: QuestionAgreement[] = [];
    for (const measure of measures) items.push(await agreementOn(ask, measure, unitsOf(found, measure, slice)));
    return { items, measuredItems: found.length, isPartial };
  };
}

const unitsOf = (items: readonly AnsweredItem[], { labelOf }: Measure, slice: string | undefined): Unit[] =>
  items.flatMap(({ answers, metadata }) => {
    const said = new Map(
      answers.flatMap(({ annotator, answers: values }) => {
        const label = labelOf(values);
        return label === null ? [] : [[annotator, label] as const];
      }),
    );
    return said.size < 2 ? [] : [{ slice: slice === undefined ? null : (metadata[slice] ?? null), said }];
  });

async function agreementOn(ask: Deps["ask"], measure: Measure, units: readonly Unit[]): Promise<QuestionAgreement> {
  const { question, title, scale } = measure;
  if (scale === "none") return { question, title, scale, ...NO_FIGURES, items: units.length, slices: [] };
  const groups = [...Map.groupBy(units, (unit) => unit.slice)]
    .filter((group): group is [string, Unit[]] => group[0] !== null && group[1].length >= FEWEST_IN_SLICE)
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, MOST_SLICES);
  const all = await figuresOf(ask, scale, [units, ...groups.map(([, own]) => own)]);
  const [whole = NO_FIGURES, ...parts] = all;
  const slices = groups
    .map(([value], at) => ({ value, ...(parts[at] ?? NO_FIGURES) }))
    .sort((a, b) => (a.alpha.value ?? a.raw.value ?? 1) - (b.alpha.value ?? b.raw.value ?? 1));
  return { question, title, scale, ...whole, slices };
}

const none = (reason: string): Estimate => ({ value: null, interval: null, reason });
const NO_FIGURES: AgreementFigures = {
  ...{ items: 0, raw: none(TEXTS), kappa: none(TEXTS), alpha: none(TEXTS) },
  kappaKind: "cohen",
};

async function figuresOf(
  ask: Deps["ask"],
  level: "nominal" | "ordinal" | "interval",
  groups: readonly (readonly Unit[])[],
): Promise<AgreementFigures[]> {
  const orders = groups.map((units) => {
    const people = [...new Set(units.flatMap(({ said }) => [...said.keys()]))].sort();
    const isPair = people.length === 2;
    const ratings = ({ said }: Unit) =>
      isPair ? people.map((person) => said.get(person) ?? null) : [...said.values()];
    return { units: units.map(ratings), level: level === "nominal" ? level : ("ordinal" as const), isPair };
  });
  const answers = await ask("raters", orders);
  return answers.map(({ raw, kappa, kappaKind, alpha }, at) => ({
    items: groups[at]?.length ?? 0,
    ...{ raw: toEstimate(raw), kappa: toEstimate(kappa), kappaKind, alpha: toEstimate(alpha) },
  }));
}

type Found = { value: number | null; interval: readonly [number, number] | null; reason: string | null };
const toEstimate = ({ value, interval, reason }: Found): Estimate => ({
  value,
  interval: interval && { low: interval[0], high: interval[1], level: LEVEL },
  reason: reason ?? "",
});
