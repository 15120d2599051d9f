import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "../../api.ts";
import { forget, readStored, store } from "../../components/stored-state.ts";
import { useProject } from "../session/index.ts";
import { type ChosenFile, printOf } from "./chosen-files.ts";
import { sendFiles } from "./send-files.ts";
import type { Finding } from "./use-registry.ts";

type Left = { uploadId: string; print: string } | null;

/** Sends the files of a model. The same files chosen again go on where they were left, for two days, in this browser. */
export function useUpload() {
  const { id, client } = useProject();
  const key = `model-upload.${id}`;
  const [sentBytes, setSentBytes] = useState(0);
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const send = useMutation({
    async mutationFn(files: readonly ChosenFile[]) {
      const print = printOf(files);
      const left = readStored<Left>(key, null);
      setSentBytes(0);
      abort.current = new AbortController();
      return sendFiles(client, {
        files,
        uploadId: left?.print === print ? left.uploadId : undefined,
        onStart: (uploadId) => store(key, { uploadId, print }),
        onProgress: setSentBytes,
        signal: abort.current.signal,
      });
    },
  });
  return {
    send,
    sentBytes,
    /** Stops, and throws away what has come. */
    cancel() {
      abort.current?.abort();
      const left = readStored<Left>(key, null);
      forget(key);
      send.reset();
      // The server does so by itself after two days, should this not arrive.
      if (left)
        void client
          .call("DELETE /api/v1/registry/uploads/:uploadId", { params: { uploadId: left.uploadId } })
          .catch(() => undefined);
    },
    /** An upload that has become a version is no longer there to go on with. */
    settle: () => forget(key),
  };
}

/** Looks at the files of an upload, to say of each what is wrong with it. */
export function useScan() {
  const { client } = useProject();
  return useMutation({
    mutationFn: (uploadId: string) =>
      client.call("POST /api/v1/registry/scans", { body: { source: `upload:${uploadId}` } }),
  });
}

/** The files that the server refused by their names, before any was sent. */
export function refusedIn(error: unknown): readonly Finding[] {
  const details = error instanceof ApiError ? error.details : undefined;
  const findings =
    typeof details === "object" && details !== null && "findings" in details ? details.findings : undefined;
  return Array.isArray(findings)
    ? findings.filter((one): one is Finding => typeof one?.path === "string" && typeof one?.message === "string")
    : [];
}
