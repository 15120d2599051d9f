import type { AgreementFigures, Estimate, QuestionAgreement } from "@treadle/contract";
import { pairwiseMarkF1 } from "@treadle/metrics";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { isMarks } from "../answers/check-marks.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import type { Queues } from "../queues/queues-service.ts";
import { type Measure, measuresOf } from "./label-answers.ts";
import { type AnsweredItem, readFacts } from "./read-facts.ts";

type Deps = Pick<AnnotationDeps, "db" | "ask"> & { readonly queues: Pick<Queues, "find" | "questionsOf"> };
type Label = string | number;
/** The answers to one item, and the part of the items that it belongs to. */
type Unit<Said> = { readonly slice: string | null; readonly said: Said };
/** By person. */
type Labels = ReadonlyMap<string, Label>;
type Figures<Said> = (groups: readonly (readonly Unit<Said>[])[]) => Promise<AgreementFigures[]>;

const MOST_ITEMS = 20_000;
const MOST_SLICES = 20;
const FEWEST_IN_SLICE = 5;
const LEVEL = 0.95;
const MARKS = "Marks have no chance-corrected agreement, because unmarked text cannot be counted. Use the F1 score.";
const TEXTS = "Texts are not compared, because no measure gives the distance between two texts.";

/** Agreement by question, without test items, which all people answer. */
export function createAgreement({ db, ask, queues }: Deps) {
  function measureOne(measure: Measure, found: readonly AnsweredItem[], slice: string | undefined) {
    if (measure.scale === "marks")
      return agreementOn(measure, marksOf(found, measure, slice), (groups) => figuresOfMarks(ask, groups));
    const { scale } = measure;
    const units = unitsOf(found, measure, slice);
    if (scale === "none") return { ...NOT_COMPARED, ...titled(measure), items: units.length };
    return agreementOn(measure, units, (groups) => figuresOf(ask, scale, groups));
  }

  return async function agreement(scope: Scope, queueId: string, slice: string | undefined) {
    const queue = await queues.find(scope, queueId);
    const measures = measuresOf(await queues.questionsOf(queue));
    const answeredItems: AnsweredItem[] = [];
    let isPartial = false;
    for await (const item of readFacts(db, queueId, { fewest: 2 })) {
      if (item.isGold || item.status === "removed" || item.answers.length < 2) continue;
      isPartial = answeredItems.length === MOST_ITEMS;
      if (isPartial) break;
      answeredItems.push(item);
    }
    const items: QuestionAgreement[] = [];
    for (const measure of measures) items.push(await measureOne(measure, answeredItems, slice));
    return { ...wholeList(items), measuredItems: answeredItems.length, isPartial };
  };
}

const sliceOf = ({ metadata }: AnsweredItem, slice: string | undefined) =>
  slice === undefined ? null : (metadata[slice] ?? null);

const unitsOf = (items: readonly AnsweredItem[], { labelOf }: Measure, slice: string | undefined): Unit<Labels>[] =>
  items.flatMap((item) => {
    const labels = new Map(
      item.answers.flatMap(({ annotator, answers: values }) => {
        const label = labelOf(values);
        return label === null ? [] : [[annotator, label] as const];
      }),
    );
    return labels.size < 2 ? [] : [{ slice: sliceOf(item, slice), said: labels }];
  });

/** How alike people marked each item, from 0 to 1. */
const marksOf = (items: readonly AnsweredItem[], { question }: Measure, slice: string | undefined): Unit<number>[] =>
  items.flatMap((item) => {
    const marked = item.answers.map(({ answers }) => answers[question]).filter((value) => value !== undefined);
    const markF1 = pairwiseMarkF1(marked.filter(isMarks));
    return markF1 === null ? [] : [{ slice: sliceOf(item, slice), said: markF1 }];
  });

const titled = ({ question, title, scale }: Measure) => ({ question, title, scale });

async function agreementOn<Said>(
  measure: Measure,
  units: readonly Unit<Said>[],
  figures: Figures<Said>,
): Promise<QuestionAgreement> {
  const groups = [...Map.groupBy(units, (unit) => unit.slice)]
    .filter((group): group is [string, Unit<Said>[]] => group[0] !== null && group[1].length >= FEWEST_IN_SLICE)
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, MOST_SLICES);
  const all = await figures([units, ...groups.map(([, own]) => own)]);
  const [whole = NO_FIGURES, ...parts] = all;
  const slices = groups
    .map(([value], at) => ({ value, ...(parts[at] ?? NO_FIGURES) }))
    .sort((a, b) => (a.alpha.value ?? a.raw.value ?? 1) - (b.alpha.value ?? b.raw.value ?? 1));
  return { ...titled(measure), ...whole, slices };
}

const none = (reason: string): Estimate => ({ value: null, interval: null, reason });
const NO_FIGURES: AgreementFigures = {
  items: 0,
  raw: none(TEXTS),
  kappa: none(TEXTS),
  alpha: none(TEXTS),
  kappaKind: "cohen",
};
const NOT_COMPARED = { ...NO_FIGURES, slices: [] };

async function figuresOfMarks(
  ask: Deps["ask"],
  groups: readonly (readonly Unit<number>[])[],
): Promise<AgreementFigures[]> {
  const order = groups.map((units) => units.map(({ said }) => said));
  const answers = await ask("shares", order);
  return answers.map((raw, at) => ({
    items: groups[at]?.length ?? 0,
    raw: toEstimate(raw),
    kappa: none(MARKS),
    kappaKind: "cohen" as const,
    alpha: none(MARKS),
  }));
}

async function figuresOf(
  ask: Deps["ask"],
  level: "nominal" | "ordinal" | "interval",
  groups: readonly (readonly Unit<Labels>[])[],
): Promise<AgreementFigures[]> {
  const orders = groups.map((units) => {
    const people = [...new Set(units.flatMap(({ said }) => [...said.keys()]))].sort();
    const isPair = people.length === 2;
    const ratings = ({ said }: Unit<Labels>) =>
      isPair ? people.map((person) => said.get(person) ?? null) : [...said.values()];
    return { units: units.map(ratings), level: level === "nominal" ? level : ("ordinal" as const), isPair };
  });
  const answers = await ask("raters", orders);
  return answers.map(({ raw, kappa, kappaKind, alpha }, at) => ({
    items: groups[at]?.length ?? 0,
    raw: toEstimate(raw),
    kappa: toEstimate(kappa),
    kappaKind,
    alpha: toEstimate(alpha),
  }));
}

type Found = { value: number | null; interval: readonly [number, number] | null; reason: string | null };
const toEstimate = ({ value, interval, reason }: Found): Estimate => ({
  value,
  interval: interval && { low: interval[0], high: interval[1], level: LEVEL },
  reason: reason ?? "",
});
