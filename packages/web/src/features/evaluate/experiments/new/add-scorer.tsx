import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { useSettled } from "../../../../components/browser/use-settled.ts";
import { ErrorState } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { initialOf } from "../../../../components/form/schema-fields.ts";
import { Popover } from "../../../../components/overlay/popover.tsx";
import { type Scorer, type ScorerKind, useKinds, useScorers } from "../../scorers/index.ts";
import { type DraftScorer, newId } from "./experiment-draft.ts";

/** A searchable list of stored scorers and kinds, selected with a click or Enter. */
export function AddScorer({ onAdd }: { onAdd: (scorer: DraftScorer) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const take = (scorer: DraftScorer) => {
    setIsOpen(false);
    onAdd(scorer);
  };
  return (
    <Popover
      label="Add scorer"
      align="end"
      isOpen={isOpen}
      setIsOpen={setIsOpen}
      trigger={
        <button type="button" className={buttonLook("plain", "small")}>
          <Plus aria-hidden size={13} /> Add scorer
        </button>
      }
    >
      <Choices onStored={takeStored} onKind={takeKind} />
    </Popover>
  );
  function takeStored({ scorerId, name }: Scorer) {
    take({ id: newId(), scorer: scorerId, label: name });
  }
  function takeKind({ kind, label, params }: ScorerKind) {
    take({ id: newId(), kind, label, params: initialOf(params) });
  }
}

type ChoicesProps = {
  onStored: (scorer: Scorer) => void;
  onKind: (kind: ScorerKind) => void;
};

function Choices({ onStored, onKind }: ChoicesProps) {
  const [word, setWord] = useState("");
  /** Enter was pressed before the list was loaded: the first match is added once it is. */
  const [isAwaited, setIsAwaited] = useState(false);
  const kinds = useKinds();
  const { stored, isStoredKnown } = useStored(word);
  const fits = (...texts: readonly string[]) => {
    const text = texts.join(" ").toLowerCase();
    return word
      .toLowerCase()
      .split(/\s+/)
      .every((part) => text.includes(part));
  };
  const rows = stored.data?.pages.flatMap(({ items }) => items) ?? [];
  // The server also matches on text that is not shown here.
  const own = stored.isSearched ? rows : rows.filter(({ name, kind, description }) => fits(name, kind, description));
  const matchingKinds = (kinds.data ?? []).filter(({ kind, label, summary, group }) =>
    fits(kind, label, summary, group),
  );
  const isKnown = isStoredKnown && kinds.data !== undefined;
  const error = stored.error ?? kinds.error;
  const takeFirst = () => {
    if (own[0]) onStored(own[0]);
    else if (matchingKinds[0]) onKind(matchingKinds[0]);
  };
  useEffect(() => {
    if (!isAwaited || !isKnown) return;
    setIsAwaited(false);
    takeFirst();
  });
  return (
    <div className="flex w-100 max-w-[calc(100vw-24px)] flex-col">
      <div className="p-2">
        <TextInput
          type="search"
          aria-label="Search scorers"
          placeholder="What do you want to measure?"
          autoFocus
          value={word}
          onChange={({ target }) => {
            setIsAwaited(false);
            setWord(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            setIsAwaited(true);
          }}
        />
      </div>
      <div className="max-h-96 overflow-y-auto border-line border-t p-1">
        {own.length > 0 && <h3 className="px-2 pt-1.5 pb-1 text-xs text-muted">Stored in this project</h3>}
        {own.map((scorer) => (
          <Row
            key={scorer.scorerId}
            label={scorer.name}
            help={scorer.description || scorer.kind}
            onClick={() => onStored(scorer)}
          />
        ))}
        {own.length > 0 && stored.hasNextPage && (
          <button
            type="button"
            disabled={stored.isFetchingNextPage}
            onClick={() => stored.fetchNextPage()}
            className="rounded-control px-2 py-1.5 text-left text-accent text-xs -outline-offset-2 hover:bg-raised"
          >
            {stored.isFetchingNextPage ? "Loading…" : "More stored scorers"}
          </button>
        )}
        {matchingKinds.length > 0 && <h3 className="px-2 pt-1.5 pb-1 text-xs text-muted">Kinds</h3>}
        {matchingKinds.map((kind) => (
          <Row key={kind.kind} label={kind.label} help={kind.summary} onClick={() => onKind(kind)} />
        ))}
        {error && !isKnown ? (
          <ErrorState error={error} retry={() => Promise.all([stored.refetch(), kinds.refetch()])} />
        ) : (
          own.length + matchingKinds.length === 0 && (
            <p className="px-2 py-3 text-muted">{isKnown ? "No matching scorers." : "Loading scorers…"}</p>
          )
        )}
      </div>
    </div>
  );
}

/** The stored scorers: a single page is filtered here, longer lists are searched on the server. */
function useStored(word: string) {
  const asked = word.trim();
  const settled = useSettled(asked, 250);
  const first = useScorers({ search: "", isArchived: false });
  const isSearched = first.hasNextPage && settled !== "";
  const searched = useScorers({ search: isSearched ? settled : "", isArchived: false });
  const isUpToDate = !first.hasNextPage || (settled === asked && !searched.isPlaceholderData);
  return { stored: { ...searched, isSearched }, isStoredKnown: searched.data !== undefined && isUpToDate };
}

function Row({ label, help, onClick }: { label: string; help: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex w-full flex-col rounded-control px-2 py-1.5 text-left -outline-offset-2 hover:bg-raised focus-visible:bg-raised"
    >
      <span className="font-medium">{label}</span>
      <span className="line-clamp-2 text-xs text-muted">{help}</span>
    </button>
  );
}
