import { accept, type Outcome, refuse } from "../../change/refusal.ts";

/** What was found in the bytes of a file. */
export interface FileContent {
  /** Media type that the first bytes give away; null where they give away none. */
  readonly detected: string | null;
  /** Beginning of the text, where all of it is UTF-8 without U+0000; null for everything else. */
  readonly text: string | null;
}

/** Files that are known by their bytes, whatever they are called. */
const BY_CONTENT: Readonly<Record<string, string>> = {
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/webp": "WebP",
  "image/gif": "GIF",
  "application/pdf": "PDF",
  "application/zip": "ZIP",
  "application/gzip": "gzip",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (docx)",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel (xlsx)",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint (pptx)",
  "application/vnd.oasis.opendocument.text": "OpenDocument (odt)",
  "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument (ods)",
};

/** Text is known by being text and by the ending of its name. */
const BY_ENDING: Readonly<Record<string, string>> = {
  txt: "text/plain",
  log: "text/plain",
  out: "text/plain",
  lcov: "text/plain",
  info: "text/plain",
  tap: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  diff: "text/x-diff",
  patch: "text/x-diff",
  sql: "application/sql",
  json: "application/json",
  jsonl: "application/jsonl",
  ndjson: "application/jsonl",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
};

/** Images that a page may show, since no browser runs anything in them. */
const SHOWABLE: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** Everything that may be attached, in words. */
export const ATTACHABLE: string = `${[...new Set(Object.values(BY_CONTENT))].join(", ")}; text in UTF-8 named ${Object.keys(
  BY_ENDING,
)
  .map((ending) => `.${ending}`)
  .join(", ")}`;

/** Whether a file of this media type may be shown in a page. */
export function isShowable(type: string): boolean {
  return SHOWABLE.has(type);
}

/** Whether the bytes of a file of this media type are text in UTF-8. */
export function isText(type: string): boolean {
  return Object.values(BY_ENDING).includes(type);
}

/**
 * The media type a file is kept and given out with, by what is in it; what its sender calls it counts for nothing, and its name only among
 * kinds of text. Refuses with ATTACHMENT_TYPE, also text that a browser would take for a page or a drawing.
 */
export function recogniseType(name: string, { detected, text }: FileContent): Outcome<string> {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (text !== null && Object.hasOwn(BY_ENDING, ending)) {
    return isPage(text)
      ? refuseType(name, "a page that a browser would run (HTML or SVG)")
      : accept(BY_ENDING[ending]!);
  }
  if (detected !== null && Object.hasOwn(BY_CONTENT, detected)) return accept(detected);
  return refuseType(
    name,
    text !== null
      ? `text with the ending "${ending}"`
      : detected !== null
        ? `recognised as ${detected}`
        : "of no known type, and not text in UTF-8 either",
  );
}

const BEFORE_CONTENT = /^(?:\s|\uFEFF|<\?[^>]*>|<!--[\s\S]*?-->)*/;
const PAGE = /^<(?:!doctype\s+(?:html|svg)|(?:html|svg|head|body|script|iframe)[\s>/])/i;
const PAGE_NAMESPACE = /^<[^>]*\bwww\.w3\.org\/(?:1999\/xhtml|2000\/svg)\b/i;

function isPage(text: string): boolean {
  const content = text.replace(BEFORE_CONTENT, "");
  return PAGE.test(content) || PAGE_NAMESPACE.test(content);
}

function refuseType(name: string, found: string) {
  return refuse(
    "ATTACHMENT_TYPE",
    `"${name}" may not be attached: it is ${found}.`,
    `What may be attached: ${ATTACHABLE}.`,
    {
      place: { pointer: "/query/name" },
    },
  );
}
