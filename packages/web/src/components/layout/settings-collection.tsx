import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../feedback/states.tsx";
import { toastDone } from "../feedback/toast.tsx";
import { Button } from "../form/button.tsx";
import { ConfirmDialog } from "../overlay/confirm-dialog.tsx";
import { Section } from "./page.tsx";

/** The question before an item is deleted, and what is reported after it. */
type Question = { id: string; title: string; verb: string; done: string; phrase?: string; words: ReactNode };
type Removal<Item> = {
  mutation: { isPending: boolean; mutate: (id: string, options: { onSuccess: () => void }) => void };
  ask: (item: Item) => Question;
};

/** Opens the form of an item, the question before its deletion, or a dialog of the page. */
type Open<Item, Kind extends string> = (kind: Kind | "edit" | "delete", item: Item) => void;

type CollectionProps<Item, Kind extends string> = {
  query: { error: unknown; refetch: () => unknown };
  /** Undefined while loading. */
  items: readonly Item[] | undefined;
  /** The title of the error, if the items could not be loaded. */
  failure?: string;
  canWrite: boolean;
  newLabel: string;
  /** `plain` for the second collection of a page, because a page has one primary action. */
  newKind?: "primary" | "plain";
  /** Shows the button in the header even if there are no items, instead of in the empty state. */
  isNewInHeader?: boolean;
  /** Without it, the list is shown even if it is empty. */
  empty?: { title: string; icon: ReactNode; words: ReactNode };
  /** The items as `CardRows` or as a table; also called while they load. */
  list: (items: readonly Item[] | undefined, open: Open<Item, Kind>) => ReactNode;
  /** The form of an item, or of a new one. */
  form: (item: Item | undefined, close: () => void) => ReactNode;
  /** Shows the form instead of the list, for a form that is not a dialog. */
  isFormAlone?: boolean;
  remove: Removal<Item>;
  /** Other dialogs of an item, by the name that `open` is called with. */
  dialogs?: { readonly [Name in Kind]: (item: Item, close: () => void) => ReactNode };
};

type FrameParts = {
  /** The button for a new item, where the header shows it. */
  add: ReactNode;
  content: ReactNode;
};
type FramedProps<Item, Kind extends string> = CollectionProps<Item, Kind> & {
  /** Places the button and the content on the page. */
  frame: (parts: FrameParts) => ReactNode;
};

/** Objects that can be listed, created, edited and deleted, on a page with its own header. */
export function Collection<Item, Kind extends string = never>(props: FramedProps<Item, Kind>) {
  const { query, items, failure, canWrite, newLabel, newKind = "primary", isNewInHeader = false, empty, frame } = props;
  const [isNew, setIsNew] = useState(false);
  const [opened, setOpened] = useState<{ kind: Kind | "edit" | "delete"; item: Item }>();
  const close = () => {
    setIsNew(false);
    setOpened(undefined);
  };
  const add = canWrite && (
    <Button kind={newKind} onClick={() => setIsNew(true)}>
      <Plus aria-hidden size={14} /> {newLabel}
    </Button>
  );
  if (isNew && props.isFormAlone) return props.form(undefined, close);
  const isFilled = items !== undefined && items.length > 0;
  const content =
    query.error && !items ? (
      <ErrorState error={query.error} retry={() => query.refetch()} title={failure} />
    ) : empty && items?.length === 0 ? (
      <EmptyState title={empty.title} icon={empty.icon} action={!isNewInHeader && add}>
        {empty.words}
      </EmptyState>
    ) : (
      props.list(items, (kind, item) => setOpened({ kind, item }))
    );
  return (
    <>
      {frame({ add: (isNewInHeader || isFilled) && add, content })}
      {isNew && props.form(undefined, close)}
      {opened && <Opened {...props} kind={opened.kind} item={opened.item} close={close} />}
    </>
  );
}

type SettingsProps<Item, Kind extends string> = CollectionProps<Item, Kind> & { title: string; description: string };

/** A collection as one section of a page. An error takes the place of the section. */
export function SettingsCollection<Item, Kind extends string = never>({
  title,
  description,
  ...collection
}: SettingsProps<Item, Kind>) {
  const isFailed = collection.query.error && !collection.items;
  return (
    <Collection
      {...collection}
      frame={({ add, content }) =>
        isFailed ? (
          content
        ) : (
          <Section title={title} description={description} action={add}>
            {content}
          </Section>
        )
      }
    />
  );
}

type RowsProps<Item> = {
  items: readonly Item[] | undefined;
  /** The boxes shown while the items load, such as `h-16`. */
  skeletons: readonly string[];
  label?: string;
  /** One item as an `li` with a key. */
  children: (item: Item) => ReactNode;
};

/** Items as cards between lines, or grey boxes while they load. */
export function CardRows<Item>({ items, skeletons, label, children }: RowsProps<Item>) {
  if (!items)
    return (
      <div className="flex flex-col gap-2 px-4 pb-4">
        {skeletons.map((height, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: grey boxes that never move.
          <Skeleton key={place} className={`${height} rounded-card`} />
        ))}
      </div>
    );
  return (
    <ul aria-label={label} className="divide-y divide-line border-line border-t">
      {items.map(children)}
    </ul>
  );
}

type OpenedProps<Item, Kind extends string> = Pick<CollectionProps<Item, Kind>, "form" | "remove" | "dialogs"> & {
  kind: Kind | "edit" | "delete";
  item: Item;
  close: () => void;
};

function Opened<Item, Kind extends string>({ kind, item, form, remove, dialogs, close }: OpenedProps<Item, Kind>) {
  if (kind === "edit") return form(item, close);
  if (kind === "delete") return <RemoveDialog removal={remove} item={item} close={close} />;
  return dialogs?.[kind](item, close);
}

type RemoveProps<Item> = { removal: Removal<Item>; item: Item; close: () => void };

function RemoveDialog<Item>({ removal: { mutation, ask }, item, close }: RemoveProps<Item>) {
  const { id, title, verb, done, phrase, words } = ask(item);
  function confirm() {
    mutation.mutate(id, {
      onSuccess: () => {
        toastDone(done);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={title}
      verb={verb}
      phrase={phrase}
      isBusy={mutation.isPending}
      onConfirm={confirm}
      close={close}
    >
      {words}
    </ConfirmDialog>
  );
}
