import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { ActionBadge } from "../shared/action-badge.tsx";
import { countWords } from "../shared/share-words.ts";
import type { PreviewGroup } from "./use-previews.ts";

type TableProps = {
  title: string;
  /** What a group is, such as *Day*. */
  noun: string;
  groups: readonly PreviewGroup[];
  /** The word for the group without a name. */
  none?: string;
  wordOf?: (name: string) => string;
};

/** The calls of each group, and what the rules would have done to them. */
export const GroupTable = ({ title, noun, groups, none = "None", wordOf = (name) => name }: TableProps) => (
  <Section title={title}>
    <PlainTable label={title} columns={columnsOf(noun, none, wordOf)} rows={groups} idOf={({ name }) => name} />
  </Section>
);

const columnsOf = (
  noun: string,
  none: string,
  wordOf: (name: string) => string,
): readonly PlainColumn<PreviewGroup>[] => [
  {
    id: "name",
    header: noun,
    className: "w-full [overflow-wrap:anywhere]",
    cell: ({ name }) => (name === "" ? <span className="text-muted">{none}</span> : wordOf(name)),
  },
  { id: "read", header: "Calls", isNumber: true, cell: ({ read }) => formatCount(read) },
  {
    id: "actions",
    header: "Actions",
    cell: ({ actions }) => (
      <ul className="flex flex-col gap-1 py-1">
        {actions.map(({ action, calls }) => (
          <li key={action} className="num inline-flex items-center gap-1.5 whitespace-nowrap">
            <ActionBadge action={action} /> {countWords(calls)}
          </li>
        ))}
      </ul>
    ),
  },
];
