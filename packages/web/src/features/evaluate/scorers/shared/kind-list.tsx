import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { GROUP_WORDS, groupKinds, needWords, outputWords } from "./kind-words.ts";
import type { ScorerKind } from "./use-scorers.ts";

type ListProps = {
  kinds: readonly ScorerKind[] | undefined;
  search: string;
  group: string | undefined;
  /** Whether a kind links to a new scorer. */
  linkKinds: boolean;
  showAll: () => void;
};

/** All kinds by group, with their outputs and inputs. */
export function KindList({ kinds, search, group, linkKinds, showAll }: ListProps) {
  if (!kinds)
    return (
      <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
        {[0, 1, 2, 3].map((card) => (
          <Skeleton key={card} className="h-40 rounded-card" />
        ))}
      </div>
    );
  const parts = groupKinds(kinds, { search, group });
  if (parts.length === 0)
    return (
      <EmptyState title="No matching kinds" action={<Button onClick={showAll}>Show all kinds</Button>}>
        No kind has these words in its name or description.
      </EmptyState>
    );
  return (
    <div className="columns-2 gap-4 max-lg:columns-1">
      {parts.map((part) => (
        <Section key={part.group} title={GROUP_WORDS[part.group]} className="mb-4 break-inside-avoid overflow-hidden">
          <ul className="divide-y divide-line border-line border-t">
            {part.kinds.map((kind) => (
              <li key={kind.kind}>
                <Row kind={kind} isLink={linkKinds}>
                  <span className="flex flex-wrap items-baseline gap-x-2">
                    <span className="font-medium">{kind.label}</span>
                    <code className="text-xs text-muted">{kind.kind}</code>
                  </span>
                  <span className="block text-pretty">{kind.summary}</span>
                  <span className="block text-xs text-muted">
                    {[outputWords(kind.output), needWords(kind)].filter(Boolean).join(" · ")}
                  </span>
                </Row>
              </li>
            ))}
          </ul>
        </Section>
      ))}
    </div>
  );
}

function Row({ kind: { kind }, isLink, children }: { kind: ScorerKind; isLink: boolean; children: ReactNode }) {
  if (!isLink) return <div className="px-4 py-2">{children}</div>;
  return (
    <Link to="/scorers/new" search={{ kind }} className="block px-4 py-2 -outline-offset-2 hover:bg-raised">
      {children}
    </Link>
  );
}
