import { ITEM_STATUSES } from "@treadle/contract";

export type QueuesSearch = { search?: string | undefined; assigned?: "me" | undefined };

export const QUEUE_TABS = ["progress", "items", "agreement", "consensus", "people", "settings"] as const;
export type QueueTab = (typeof QUEUE_TABS)[number];
type ItemStatus = (typeof ITEM_STATUSES)[number];
export type QueueSearch = {
  tab?: QueueTab | undefined;
  status?: ItemStatus | undefined;
  annotator?: string | undefined;
  search?: string | undefined;
  gold?: "only" | undefined;
  /** The open item of the list. */
  item?: string | undefined;
  slice?: string | undefined;
};

export const readQueueSearch = (search: QueueSearch): QueueSearch => ({
  tab: QUEUE_TABS.find((tab) => tab === search.tab && tab !== "progress"),
  status: ITEM_STATUSES.find((status) => status === search.status),
  annotator: search.annotator || undefined,
  search: search.search || undefined,
  gold: search.gold === "only" ? search.gold : undefined,
  item: search.item || undefined,
  slice: search.slice || undefined,
});
