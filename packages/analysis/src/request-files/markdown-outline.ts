import type { Place } from "@change-mgmt/domain/change/refusal.ts";
import type { Code, Heading, List, ListItem, Nodes, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** What only tells of the inside of a paragraph is not read: the source says it, and reading it can take forever. */
const BLOCKS_ONLY = [
  ...["blockQuote", "definition", "htmlFlow", "setextUnderline", "labelStartLink", "labelStartImage", "labelEnd"],
  ...["attention", "autolink", "codeText", "htmlText", "characterEscape", "characterReference", "hardBreakEscape"],
];

/** Some nodes of a document that stand one after the other, and the source they were read from. */
export interface Part {
  readonly nodes: readonly RootContent[];
  /** Spaces that each line but the first has before what it says. */
  readonly indent: number;
}

export interface Section {
  readonly heading: Heading;
  readonly body: Part;
}

/** A Markdown text as sections by its headings; below the first section's heading stands what belongs to the whole. */
export class Outline {
  readonly sections: readonly Section[];
  /** What stands before any heading. */
  readonly before: Part;
  readonly #text: string;
  readonly #name: string;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
    const { children } = fromMarkdown(text, { extensions: [{ disable: { null: BLOCKS_ONLY } }] });
    const first = children.find((node) => node.type === "heading");
    // Deeper headings belong to the text of a section.
    const depth = first === undefined ? 0 : first.depth + 1;
    const starts = children.flatMap((node, index) => (node.type === "heading" && node.depth <= depth ? [index] : []));
    this.before = { nodes: children.slice(0, starts[0] ?? children.length), indent: 0 };
    this.sections = starts.map((start, index) => ({
      heading: children[start] as Heading,
      body: { nodes: children.slice(start + 1, starts[index + 1]), indent: 0 },
    }));
  }

  /** What a heading says, as it is written. */
  headingText({ children }: Heading): string {
    return this.sourceOf({ nodes: children as unknown as readonly RootContent[], indent: 0 });
  }

  placeOf(node: Nodes): Place {
    const { line, column } = node.position!.start;
    return { file: this.#name, line, column };
  }

  /** The source of a part, from where it begins to where it ends. */
  sourceOf({ nodes, indent }: Part): string {
    if (nodes.length === 0) return "";
    const text = this.#text.slice(nodes[0]!.position!.start.offset, nodes.at(-1)!.position!.end.offset);
    return indent === 0 ? text : text.replaceAll(new RegExp(`\n {1,${indent}}`, "g"), "\n");
  }

  /** A part that is one fenced block of a kind says what stands in it, to the letter. */
  fenced({ nodes }: Part): Code | undefined {
    const [only] = nodes;
    return nodes.length === 1 && only!.type === "code" && only.lang ? only : undefined;
  }

  /** The items of all lists of a part, and what of it is no list. */
  items({ nodes }: Part): { readonly items: readonly ListItem[]; readonly others: readonly RootContent[] } {
    return {
      items: nodes.filter((node): node is List => node.type === "list").flatMap((list) => list.children),
      others: nodes.filter((node) => node.type !== "list"),
    };
  }

  /** What stands in an item, and how far it is indented. */
  bodyOf({ children }: ListItem): Part {
    return { nodes: children, indent: (children[0]?.position?.start.column ?? 1) - 1 };
  }
}
