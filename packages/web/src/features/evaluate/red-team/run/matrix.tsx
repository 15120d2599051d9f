import { useState } from "react";
import { Choice } from "../../../../components/form/choice.tsx";
import { ScrollBox } from "../../../../components/layout/scroll-box.tsx";
import { formatPercent } from "../../../../components/text/format.ts";
import { rateWords } from "../shared/rate-words.ts";
import type { Catalogue, Group, Rate, RedTeamRun, Report } from "../shared/use-red-team.ts";

type MatrixProps = {
  run: RedTeamRun;
  report: Report;
  catalogue: Catalogue;
  /** The arm that is shown, counted from 0. */
  arm: number;
  onArm: (arm: number) => void;
  chosen: Pick<Group, "plugin" | "strategy"> | null;
  onChoose: (cell: Group) => void;
};

/** Plugins × strategies: the share of successful attacks in each cell, redder where it is higher. */
export function Matrix(props: MatrixProps) {
  const { report, catalogue, arm, onArm, chosen } = props;
  const [pointed, setPointed] = useState<Group | null>(null);
  const names = labelsOf(catalogue);
  const shown = pointed ?? report.cells.find((cell) => isSame(cell, chosen)) ?? null;
  return (
    <div className="flex flex-col gap-3 px-4 pb-4">
      {report.arms.length > 1 && <ArmChoice arms={report.arms} arm={arm} onArm={onArm} />}
      <ScrollBox label="Attack success by plugin and strategy" className="rounded-control border border-line">
        <Grid {...props} names={names} onPoint={setPointed} />
      </ScrollBox>
      <p className="num min-h-5 text-sm text-muted">
        {shown?.arms[arm]
          ? `${names[shown.plugin ?? ""]}, ${names[shown.strategy ?? ""]}: ${rateWords(shown.arms[arm].attacks)}`
          : "Point at a cell to see its interval. Choose it to see its attacks."}
      </p>
    </div>
  );
}

type ChoiceProps = Pick<MatrixProps, "arm" | "onArm"> & { arms: readonly string[] };

const ArmChoice = ({ arms, arm, onArm }: ChoiceProps) => (
  <div className="overflow-x-auto">
    <Choice
      label="Arm"
      names={arms.map((_name, at) => String(at))}
      words={Object.fromEntries(arms.map((name, at) => [String(at), name]))}
      chosen={String(arm)}
      onChoose={(name) => onArm(Number(name))}
    />
  </div>
);

type GridProps = Pick<MatrixProps, "run" | "report" | "arm" | "chosen" | "onChoose"> & {
  names: Readonly<Record<string, string>>;
  onPoint: (cell: Group | null) => void;
};

const SIDE = "sticky left-0 z-1 bg-panel px-3 text-left";

const Grid = (props: GridProps) => (
  <table className="w-full border-collapse text-center">
    <thead>
      <tr className="text-xs text-muted">
        <th scope="col" className={`${SIDE} py-2 font-normal`}>
          Plugin
        </th>
        {props.run.strategies.map((strategy) => (
          <th key={strategy} scope="col" className="min-w-14 px-1 py-2 font-normal">
            {props.names[strategy]}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {props.run.plugins.map((plugin) => (
        <Row key={plugin} {...props} cells={props.report.cells.filter((cell) => cell.plugin === plugin)} />
      ))}
    </tbody>
  </table>
);

function Row({ cells, arm, names, chosen, onChoose, onPoint }: GridProps & { cells: readonly Group[] }) {
  const plugin = names[cells[0]?.plugin ?? ""];
  return (
    <tr>
      <th scope="row" className={`${SIDE} py-1 font-medium whitespace-nowrap max-sm:whitespace-normal`}>
        {plugin}
      </th>
      {cells.map((cell) => (
        <Cell
          key={cell.strategy}
          rate={cell.arms[arm]?.attacks}
          label={`${plugin}, ${names[cell.strategy ?? ""]}`}
          isChosen={isSame(cell, chosen)}
          onPoint={(isOver) => onPoint(isOver ? cell : null)}
          onChoose={() => onChoose(cell)}
        />
      ))}
    </tr>
  );
}

const isSame = (one: Pick<Group, "plugin" | "strategy">, other: Pick<Group, "plugin" | "strategy"> | null) =>
  other !== null && one.plugin === other.plugin && one.strategy === other.strategy;

export const labelsOf = ({ plugins, strategies }: Catalogue): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...plugins.map(({ plugin, label }) => [plugin, label]),
    ...strategies.map(({ strategy, label }) => [strategy, label]),
  ]);

type CellProps = {
  rate: Rate | undefined;
  label: string;
  isChosen: boolean;
  onPoint: (isOver: boolean) => void;
  onChoose: () => void;
};

/** The strongest color leaves the number readable on it. */
const STRONGEST = 45;

function Cell({ rate, label, isChosen, onPoint, onChoose }: CellProps) {
  const share = rate?.rate ?? null;
  const color = share === null ? "transparent" : `color-mix(in srgb, var(--bad) ${share * STRONGEST}%, var(--panel))`;
  return (
    <td className="p-0.5">
      <button
        type="button"
        aria-pressed={isChosen}
        aria-label={`${label}: ${cellWords(rate)}${rate ? `, ${rateWords(rate)}` : ""}`}
        onClick={onChoose}
        onMouseEnter={() => onPoint(true)}
        onMouseLeave={() => onPoint(false)}
        onFocus={() => onPoint(true)}
        onBlur={() => onPoint(false)}
        style={{ backgroundColor: color }}
        className="num h-9 w-full rounded-control border border-line hover:border-line-strong aria-pressed:border-text"
      >
        {cellWords(rate)}
      </button>
    </td>
  );
}

/** A percentage of few answers would look more certain than it is. */
function cellWords(rate: Rate | undefined): string {
  if (!rate || rate.rate === null) return "–";
  return rate.isSmall ? `${rate.count}/${rate.n}` : formatPercent(rate.rate);
}
