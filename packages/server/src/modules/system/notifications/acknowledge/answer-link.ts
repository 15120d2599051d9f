import type { Sink } from "../../../../kernel/sink.ts";
import type { Signer } from "../../../../platform/secrets/port.ts";
import type { Acknowledge } from "../stores/deps.ts";
import { readLink } from "./link.ts";
import { confirmPage, invalidPage, PAGE_HEADERS, resultPage } from "./pages.ts";

type Deps = { readonly signer: Signer; readonly acknowledge: Acknowledge; readonly now: () => number };

/** The page behind a link: GET asks, and POST acts. */
export function createLinkPages({ signer, acknowledge, now }: Deps) {
  const send = (sink: Sink, status: number, html: string) => {
    sink.head(status, { ...PAGE_HEADERS, "content-length": String(Buffer.byteLength(html)) });
    sink.end(html);
  };
  return {
    async show(token: string, sink: Sink): Promise<void> {
      const link = readLink(signer, token, now());
      if (link) send(sink, 200, confirmPage(link.title));
      else send(sink, 404, invalidPage());
    },
    async act(token: string, sink: Sink): Promise<void> {
      const link = readLink(signer, token, now());
      if (!link) return send(sink, 404, invalidPage());
      const result = await acknowledge(link.projectId, link.subject, `the link in ${link.channel}`);
      send(sink, result === "not-found" ? 404 : 200, resultPage(result, link.title));
    },
  };
}
