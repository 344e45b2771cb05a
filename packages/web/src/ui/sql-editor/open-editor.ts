import { PostgreSQL } from "@codemirror/lang-sql";
import { type Diagnostic, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { minimalSetup } from "codemirror";
import { type EditorFinding, rangeOf, type Span } from "./places.ts";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  /** Attributes of the text box itself: its name, description and whether it is valid. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly placeholder: string;
  readonly onChange: (text: string) => void;
}

/** A SQL editor on the page, until it is closed. */
export interface SqlEditorHandle {
  /** Puts another text in, unless it is the one that is there. */
  setText(text: string): void;
  setAttributes(attributes: Readonly<Record<string, string>>): void;
  setFindings(findings: readonly EditorFinding[]): void;
  /** Selects a place, brings it into sight and puts the caret there. */
  goTo(span: Span): void;
  focus(from?: number, to?: number): void;
  close(): void;
}

/**
 * Opens a CodeMirror editor for PostgreSQL. Tab is left to the browser, so that the keyboard is not caught in it. It draws words by their
 * weight and not by colour, which means state.
 */
export function openEditor(options: EditorOptions): SqlEditorHandle {
  let attributes = options.attributes;
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        minimalSetup,
        keymap.of(lintKeymap),
        lineNumbers(),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        EditorState.languageData.of(() => [{ commentTokens: { line: "--", block: { open: "/*", close: "*/" } } }]),
        placeholder(options.placeholder),
        words,
        look,
        // Read anew at each update, so that it can change while the editor is open.
        EditorView.contentAttributes.of(() => ({ ...attributes, spellcheck: "false", autocapitalize: "off" })),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      const doc = view.state.toText(text);
      if (!doc.eq(view.state.doc)) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: doc } });
    },
    setAttributes(next) {
      attributes = next;
      view.dispatch({});
    },
    setFindings(findings) {
      const text = view.state.doc.toString();
      view.dispatch(
        setDiagnostics(
          view.state,
          findings.flatMap((finding) => (finding.span === null ? [] : [diagnosticOf(text, finding, finding.span)])),
        ),
      );
    },
    goTo(span) {
      const { from, to } = rangeOf(view.state.doc.toString(), span);
      view.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: "center" }),
      });
      view.focus();
    },
    focus(from = 0, to = from) {
      const { length } = view.state.doc;
      view.dispatch({ selection: { anchor: Math.min(from, length), head: Math.min(to, length) } });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

function diagnosticOf(text: string, { severity, message, hint }: EditorFinding, span: Span): Diagnostic {
  return { ...rangeOf(text, span), severity, message: hint === null ? message : `${message} ${hint}` };
}

const MARKS: Readonly<Record<string, Decoration>> = {
  Keyword: Decoration.mark({ class: "code-word" }),
  LineComment: Decoration.mark({ class: "code-comment" }),
  BlockComment: Decoration.mark({ class: "code-comment" }),
};

/** Keywords and comments as PostgreSQL's grammar knows them, in what is in sight. */
const words: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = wordsIn(view);
    }
    update({ docChanged, viewportChanged, view }: ViewUpdate) {
      if (docChanged || viewportChanged) this.decorations = wordsIn(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function wordsIn(view: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  const tree = PostgreSQL.language.parser.parse(view.state.doc.toString());
  for (const { from, to } of view.visibleRanges) {
    tree.iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        const mark = MARKS[name];
        if (mark && start >= from) marks.add(start, end, mark);
      },
    });
  }
  return marks.finish();
}

/** Colours are the page's own variables, so that light and dark follow it. */
const look = EditorView.theme({
  "&": { color: "var(--mantine-color-text)", backgroundColor: "var(--paper)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "1.55",
    maxHeight: "32rem",
    overflow: "auto",
  },
  ".cm-content, .cm-gutter": { minHeight: "calc(var(--lines) * 1.55em + 12px)" },
  ".cm-content": { padding: "6px 0", caretColor: "var(--mantine-color-text)" },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--shade)",
    border: "none",
    borderRight: "1px solid var(--line)",
  },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--mantine-color-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "light-dark(#cfe0f7, #2c476b)",
  },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0" },
  ".cm-lintRange-error": {
    textDecoration: "underline wavy var(--stopped) 1.5px",
    textUnderlineOffset: "3px",
    backgroundColor: "var(--stopped-shade)",
  },
  ".cm-lintRange-warning": {
    textDecoration: "underline wavy var(--attention) 1.5px",
    textUnderlineOffset: "3px",
  },
  ".cm-lintPoint:after": { borderBottomColor: "var(--stopped)" },
  ".cm-tooltip": {
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--paper)",
    border: "1px solid var(--line)",
    borderRadius: "6px",
    maxWidth: "min(44ch, 90vw)",
    fontFamily: "var(--mantine-font-family)",
  },
  ".cm-diagnostic": { padding: "6px 10px" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--stopped)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--attention)" },
  ".cm-panels": { color: "var(--mantine-color-text)", backgroundColor: "var(--shade)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": {
    color: "var(--mantine-color-text)",
    backgroundColor: "var(--running-shade)",
  },
});
