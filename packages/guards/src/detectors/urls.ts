import type { Detector } from "../detector.ts";
import { LONGEST_RUN, openRun } from "../stream/open-run.ts";
import { type Address, findAddresses, hasAddresses } from "../urls/find-addresses.ts";
import { hostOf, isListed, looksLike, mixesAlphabets, writtenHost } from "../urls/judge-host.ts";
import { findInViews, type Hit } from "./find-in-views.ts";

export type UrlOptions = {
  /**
   * Hosts that links and images may have; `*.example.org` includes the hosts below. Without a list only hosts that
   * pretend to be another one, and images that carry data, are found.
   */
  readonly allowedHosts?: readonly string[];
};

/** An image whose address ends in so much can carry a part of the conversation to its host. */
const LONGEST_QUERY = 16;
const LONGEST_PATH_PART = 64;

/** Links and images to hosts that are not allowed. An image is loaded without a click, so its address can leak data. */
export const urls: Detector<UrlOptions> = {
  name: "urls",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: openRun,
  mayFind: hasAddresses,
  find: (prepared, { allowedHosts }) =>
    findInViews("urls", prepared, (text) =>
      findAddresses(text).flatMap((address) => judge(text.slice(address.start, address.end), address, allowedHosts)),
    ),
};

function judge(value: string, { start, end, isImage }: Address, allowed: UrlOptions["allowedHosts"]): Hit[] {
  const kind = kindOf(value, isImage, allowed);
  return kind === null ? [] : [{ start, end, kind }];
}

function kindOf(value: string, isImage: boolean, allowed: UrlOptions["allowedHosts"]): string | null {
  const host = hostOf(value);
  if (host === null) return null;
  if (allowed && isListed(host, allowed)) return null;
  const written = writtenHost(value);
  if (mixesAlphabets(written) || looksLike(written, allowed ?? [])) return "look-alike-host";
  if (/(?:^|\.)xn--/.test(written)) return "punycode-host";
  if (allowed) return isImage ? "image" : "link";
  return isImage && carriesData(value) ? "image-with-data" : null;
}

function carriesData(value: string): boolean {
  const [path = "", query = ""] = value.split(/[?#]/, 2);
  return (
    query.length >= LONGEST_QUERY ||
    path
      .split("/")
      .slice(3)
      .some((part) => part.length >= LONGEST_PATH_PART)
  );
}
