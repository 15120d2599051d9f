import type { DatasetStats } from "@treadle/contract";
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Checkbox } from "../../../../components/form/field.tsx";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { conditionOf, hasCondition, toggleCondition } from "./item-filter.ts";

type FacetProps = { stats: DatasetStats | undefined; filter: string; onFilter: (filter: string) => void };
/** Longer lists are typed instead. */
const MOST = 12;

/** The available filter values, and the syntax of the filter language. */
export function FacetMenu({ stats, filter, onFilter }: FacetProps) {
  const [isOpen, setIsOpen] = useState(false);
  const groups = [
    {
      field: "split",
      label: "Split",
      values: (stats?.splits ?? []).flatMap(({ split, rows }) => (split === null ? [] : { value: split, rows })),
    },
    {
      field: "source",
      label: "Source",
      values: (stats?.sources ?? []).map(({ kind, rows }) => ({ value: kind, rows })),
    },
    {
      field: "expected",
      label: "Expected",
      values: (stats?.labels ?? []).map(({ label, rows }) => ({ value: label, rows })),
    },
  ].filter(({ values }) => values.length > 0);
  const trigger = (
    <Button>
      <ListFilter aria-hidden size={14} className="text-muted" /> <span className="@max-3xl:sr-only">Filter</span>
    </Button>
  );
  return (
    <Popover trigger={trigger} label="Filter" isOpen={isOpen} setIsOpen={setIsOpen} align="end">
      <div className="w-80 max-w-full">
        {groups.map(({ field, label, values }) => (
          <fieldset key={field} className="border-line border-b p-3 pb-2">
            <legend className="float-left mb-1 w-full text-xs text-muted">{label}</legend>
            <ul className="clear-both">
              {values.slice(0, MOST).map(({ value, rows }) => {
                const condition = conditionOf(field, value);
                return (
                  <li key={value} className="flex min-h-7 items-center gap-2">
                    <Checkbox
                      label={<span className="[overflow-wrap:anywhere]">{value}</span>}
                      checked={hasCondition(filter, condition)}
                      onChange={() => onFilter(toggleCondition(filter, condition))}
                      className="min-w-0 grow"
                    />
                    <span className="num text-xs text-muted">{formatCount(rows)}</span>
                  </li>
                );
              })}
            </ul>
            {values.length > MOST && (
              <p className="text-xs text-muted">
                and {formatCount(values.length - MOST)} more: type {field}:…
              </p>
            )}
          </fieldset>
        ))}
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 p-3 text-xs text-muted">
          {[
            ['"some words"', "anywhere in the item"],
            ["inputs.topic:refund", "a field with this value"],
            ["metadata.score>0.5", "a number"],
            ["-expected:yes", "not"],
          ].map(([code, words]) => (
            <div key={code} className="col-span-full grid grid-cols-subgrid">
              <dt>
                <code className="text-text">{code}</code>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Popover>
  );
}
