import DOMPurify from "dompurify";
import { Marked } from "marked";
import { useMemo } from "react";

/** Only what text needs. No pictures, no forms, no frames, no styles. */
const TAGS = "p br hr h1 h2 h3 h4 h5 h6 ul ol li strong em del code pre blockquote table thead tbody tr th td a".split(
  " ",
);
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const asText = (text: string) => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** HTML in Markdown is shown as text, and an image as its alt text and URL: nothing is ever loaded. */
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => asText(text),
    image: ({ text, href }) => `${asText(text || "picture")} (${asText(href)})`,
  },
});

const purify = DOMPurify(window);
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  const address = node.getAttribute("href") ?? "";
  // A link in an answer is untrusted: only https and mailto links work, without a referrer.
  if (!/^(https?:|mailto:)/i.test(address)) node.removeAttribute("href");
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer nofollow");
  node.setAttribute("title", address);
});

/**
 * Markdown as HTML that cannot run, load or send anything: written without foreign tags, then reduced to a list of
 * plain ones.
 */
function renderMarkdown(text: string): string {
  const html = marked.parse(text, { async: false });
  return purify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start", "align"],
    ALLOW_DATA_ATTR: false,
  });
}

/** A model's text with its Markdown drawn. Shown only on request; plain text is the default everywhere. */
export function Markdown({ text }: { text: string }) {
  const html = useMemo(() => renderMarkdown(text), [text]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the function above, down to a list of plain tags.
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
