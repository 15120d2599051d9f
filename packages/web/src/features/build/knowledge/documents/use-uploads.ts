import { useCallback, useEffect, useSyncExternalStore } from "react";
import { explain, queryClient } from "../../../../api.ts";
import { useUploadDocument } from "../shared/use-documents.ts";
import { countUploads, createUploadQueue, type UploadQueue } from "./upload-queue.ts";

/** More would not be faster, because the server parses one document after another. */
const AT_ONCE = 2;
const queues = new Map<string, UploadQueue<File>>();

/** The uploads into one base. They continue when the user opens another page. */
function queueOf(knowledgeBaseId: string): UploadQueue<File> {
  const existing = queues.get(knowledgeBaseId);
  if (existing) return existing;
  const onDone = () => void queryClient.invalidateQueries({ queryKey: ["knowledge"] });
  const queue = createUploadQueue<File>({ atOnce: AT_ONCE, explain, onDone });
  queues.set(knowledgeBaseId, queue);
  return queue;
}

/** The uploads of a base, and `add` for more. Leaving the site asks first while files are sent. */
export function useUploads(knowledgeBaseId: string) {
  const queue = queueOf(knowledgeBaseId);
  const uploads = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const send = useUploadDocument(knowledgeBaseId);
  const isActive = countUploads(uploads).active > 0;
  useEffect(() => {
    if (!isActive) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isActive]);
  const add = useCallback(
    (files: readonly File[], principals: readonly string[]) =>
      queue.add(files, (file, signal) => send({ file, principals, signal })),
    [queue, send],
  );
  return { uploads, add, retry: queue.retry, remove: queue.remove, clear: queue.clear };
}
export type Uploads = ReturnType<typeof useUploads>;
