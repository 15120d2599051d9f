import type { ReactNode } from "react";
import { isFields } from "../../../../components/form/json-fields.ts";
import { DurationCell, MoneyCell, TextCell } from "../../../../components/table/cells.tsx";
import type { Sort } from "../../../../components/table/table-header.tsx";
import type { Column } from "../../../../components/table/table-layout.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { expectedText, inputText } from "../../../data/to-dataset/index.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Run } from "../shared/use-experiments.ts";
import type { RunItem } from "../shared/use-runs.ts";
import { differenceWords } from "../shared/words.ts";

type Scorer = Run["scorers"][number];
type Results = RunItem["results"];

/** The API's sort orders as a column and a direction. */
export function readSort(sort: string | undefined): Sort {
  if (sort === "regression") return { order: "change", direction: "asc" };
  if (sort === "improvement") return { order: "change", direction: "desc" };
  if (!sort) return { order: "position", direction: "asc" };
  return sort.startsWith("-") ? { order: sort.slice(1), direction: "desc" } : { order: sort, direction: "asc" };
}

export function writeSort({ order, direction }: Sort): string | undefined {
  if (order === "position") return undefined;
  if (order === "change") return direction === "asc" ? "regression" : "improvement";
  return direction === "desc" ? `-${order}` : order;
}

export const itemInput = ({ inputs }: Pick<RunItem, "inputs">): string =>
  isFields(inputs) ? inputText(inputs) : String(inputs ?? "");

type Sides = { run: Run; base: Run | undefined; others: readonly Run[]; scorer: Scorer | undefined };

/** The runs whose answers are shown, base first, with their answers to an item. */
export function sidesOf(item: RunItem, { run, base, others }: Omit<Sides, "scorer">) {
  const also = others.flatMap((one) => {
    const side = item.others.find(({ runId }) => runId === one.runId);
    return side ? [{ run: one, results: side.results }] : [];
  });
  return [...(base ? [{ run: base, results: item.base?.results ?? [] }] : []), { run, results: item.results }, ...also];
}

/** The columns: input, expected, each answer, and all scores. */
export function columnsFor({ run, base, others, scorer }: Sides): readonly Column<RunItem>[] {
  return [
    {
      id: "position",
      header: "#",
      width: 56,
      isNumber: true,
      order: "position",
      cell: ({ position }) => <span className="text-muted">{formatCount(position + 1)}</span>,
    },
    { id: "input", header: "Input", width: 260, isStretched: true, cell: (row) => <TextCell text={itemInput(row)} /> },
    {
      id: "expected",
      header: "Expected",
      width: 150,
      isStretched: true,
      cell: ({ expected }) => <TextCell text={expectedText(expected)} isMuted />,
    },
    ...(base ? [answerColumn("base", base.name, scorer, (row) => [row.base?.results, row.base?.values])] : []),
    answerColumn("answer", base || others.length > 0 ? run.name : "Answer", scorer, (row) => [row.results, row.values]),
    ...(base && scorer ? [changeColumn(scorer)] : []),
    ...others.map((other) =>
      answerColumn(`also ${other.runId}`, other.name, scorer, (row) => {
        const side = row.others.find(({ runId }) => runId === other.runId);
        return [side?.results, side?.values];
      }),
    ),
    ...run.scorers.map((one) => scoreColumn(one, { isMain: one.key === scorer?.key, hasBase: base !== undefined })),
    {
      id: "latency",
      header: "Time",
      width: 84,
      isNumber: true,
      isExtra: base !== undefined,
      order: "latency",
      cell: ({ results }) => <DurationCell ms={results[0]?.latencyMs ?? null} />,
    },
    {
      id: "cost",
      header: "Cost",
      width: 96,
      isNumber: true,
      isExtra: true,
      order: "cost",
      cell: ({ results }) => <MoneyCell usd={results[0]?.costUsd ?? null} />,
    },
  ];
}

type Answered = readonly [results: Results | undefined, values: RunItem["values"] | undefined];

/** A run's answer with its score. */
const answerColumn = (
  ...[id, header, scorer, pick]: [string, string, Scorer | undefined, (row: RunItem) => Answered]
): Column<RunItem> => ({
  id,
  header,
  width: 240,
  isStretched: true,
  cell: (row) => {
    const [results, values] = pick(row);
    return (
      <>
        <AnswerCell results={results} />
        {scorer && results?.[0]?.state === "ok" && (
          <span title={scorer.name} className="num ml-auto shrink-0 pl-3 text-xs text-muted">
            {valueWords(values?.[scorer.key], results, scorer.key, scorer.output)}
          </span>
        )}
      </>
    );
  },
});

const changeColumn = ({ output, name }: Scorer): Column<RunItem> => ({
  id: "change",
  header: "Change",
  width: 96,
  isNumber: true,
  order: "change",
  cell: ({ change }) => (
    <span title={`Change of ${name}`}>
      <ChangeWord change={change} output={output} />
    </span>
  ),
});

/** The change of an item, with a sign and a word in addition to the colour. */
function ChangeWord({ change, output }: { change: number | null; output: Scorer["output"] }) {
  if (change === null) return <span className="text-muted">–</span>;
  if (change === 0) return <span className="text-muted">unchanged</span>;
  if (output.type === "boolean" && Math.abs(change) === 1)
    return change > 0 ? (
      <span className="text-good">▲ now correct</span>
    ) : (
      <span className="text-bad">▼ now wrong</span>
    );
  return (
    <span className={change > 0 ? "text-good" : "text-bad"}>
      {change > 0 ? "▲" : "▼"} {differenceWords(change, output).replace(/^[+−]/, "")}
    </span>
  );
}

type ScoreColumn = { isMain: boolean; hasBase: boolean };

function scoreColumn({ key, name, output }: Scorer, { isMain, hasBase }: ScoreColumn): Column<RunItem> {
  return {
    id: `score ${key}`,
    header: name,
    width: hasBase ? 132 : 96,
    isNumber: true,
    ...(isMain && { order: "score", isExtra: hasBase }),
    cell: (row) => (
      <span className="truncate">
        {hasBase && (
          <>
            <span className="text-muted">{valueWords(row.base?.values[key], row.base?.results, key, output)}</span>
            <span className="text-faint"> → </span>
          </>
        )}
        {valueWords(row.values[key], row.results, key, output)}
      </span>
    ),
  };
}

/** The mean over the repeats, or why there is none. */
function valueWords(
  ...[value, results, key, output]: [number | null | undefined, Results | undefined, string, Scorer["output"]]
): ReactNode {
  if (value !== undefined && value !== null) {
    const isWhole = (results?.length ?? 0) <= 1 || value === 0 || value === 1;
    const label = results?.[0]?.scores.find(({ scorer }) => scorer === key)?.label;
    return output.type === "label" && label ? label : formatValue(value, output, isWhole);
  }
  const first = results?.[0];
  if (!first) return "–";
  if (first.state === "error") return <span className="text-bad">error</span>;
  if (first.state === "diverged") return <span className="text-warn">diverged</span>;
  const score = first.scores.find(({ scorer }) => scorer === key);
  if (score?.label) return score.label;
  return score?.state === "failed" ? (
    <span className="text-bad">failed</span>
  ) : (
    <span className="text-muted">none</span>
  );
}

/** The first answer, or its error. */
function AnswerCell({ results }: { results: Results | undefined }) {
  const first = results?.[0];
  if (!first) return <TextCell text="" />;
  if (first.state === "error")
    return (
      <span className="truncate text-bad" title={first.error?.message}>
        ● {first.error?.message ?? "error"}
      </span>
    );
  if (first.state === "diverged")
    return (
      <span className="truncate text-warn" title={first.error?.message}>
        ● {first.error?.message ?? "diverged"}
      </span>
    );
  return (
    <>
      <TextCell text={first.output || calledTools(first.message)} />
      {results && results.length > 1 && <span className="ml-1.5 shrink-0 text-xs text-muted">×{results.length}</span>}
    </>
  );
}

/** The names of the tools called by an answer without text. */
function calledTools(message: unknown): string {
  const calls = isFields(message) && Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return calls
    .map((call: unknown) => (isFields(call) && isFields(call.function) ? `calls ${String(call.function.name)}` : ""))
    .filter(Boolean)
    .join(", ");
}

/** The row in two lines, for narrow screens. */
export function narrowItem(
  row: RunItem,
  { scorer, hasBase }: { scorer: Scorer | undefined; hasBase: boolean },
): ReactNode {
  return (
    <>
      <div dir="auto" className="truncate font-medium">
        {itemInput(row) || "(empty)"}
      </div>
      <div className="mt-1 flex gap-2 text-muted">
        <span className="num shrink-0">{formatCount(row.position + 1)}</span>
        {scorer && (
          <span className="num shrink-0 text-text">
            {valueWords(row.values[scorer.key], row.results, scorer.key, scorer.output)}
          </span>
        )}
        {hasBase && scorer && (
          <span className="num shrink-0">
            <ChangeWord change={row.change} output={scorer.output} />
          </span>
        )}
        <span dir="auto" className="truncate">
          {row.results[0]?.output}
        </span>
      </div>
    </>
  );
}
