import { expect, test } from "vitest";
import { ATTACHABLE, isShowable, isText, recogniseType } from "./attachment-type.ts";

const ofText = (text: string) => ({ detected: null, text });

test.each([
  ["shot.png", { detected: "image/png", text: null }, "image/png"],
  ["shot.txt", { detected: "image/png", text: null }, "image/png"],
  ["no ending", { detected: "application/pdf", text: null }, "application/pdf"],
  ["Report.CSV", ofText("a,b\n"), "text/csv"],
  ["junit.xml", { detected: "application/xml", text: "<?xml version='1.0'?><testsuites/>" }, "application/xml"],
  ["run.log", { detected: "image/bmp", text: "BM is not only a bitmap" }, "text/plain"],
  ["notes.md", ofText("Write <html> in a line.\n<svg> too"), "text/markdown"],
  ["form.pdf", { detected: "application/pdf", text: "%PDF-1.4 in plain ASCII" }, "application/pdf"],
])("%s is kept as what it is", (name, content, type) => {
  expect(recogniseType(name, content)).toEqual({ ok: true, value: type });
});

test.each([
  ["page.png", ofText("<!doctype html><script>alert(1)</script>"), 'text with the ending "png"'],
  ["page.html", ofText("<p>"), 'text with the ending "html"'],
  ["drawing.svg", ofText("<svg/>"), 'text with the ending "svg"'],
  ["run.sh", ofText("#!/bin/sh\n"), 'text with the ending "sh"'],
  ["constructor", ofText("x"), 'text with the ending ""'],
  ["a.constructor", ofText("x"), 'text with the ending "constructor"'],
  ["tool.png", { detected: "application/x-msdownload", text: null }, "recognised as application/x-msdownload"],
  ["odd.txt", { detected: null, text: null }, "of no known type, and not text in UTF-8 either"],
  ["page.txt", ofText("\uFEFF <!DOCTYPE HTML>"), "a page that a browser would run (HTML or SVG)"],
  ["page.log", ofText("<!-- a --><?x y?>\n<HTML lang=en>"), "a page that a browser would run (HTML or SVG)"],
  ["page.xml", ofText("<?xml version='1.0'?><svg xmlns='…'>"), "a page that a browser would run (HTML or SVG)"],
  [
    "drawing.xml",
    ofText("<s:svg xmlns:s='http://www.w3.org/2000/svg'>"),
    "a page that a browser would run (HTML or SVG)",
  ],
])("%s is refused, with what is in it and what may be", (name, content, found) => {
  expect(recogniseType(name, content)).toEqual({
    ok: false,
    refusal: {
      code: "ATTACHMENT_TYPE",
      message: `"${name}" may not be attached: it is ${found}.`,
      hint: `What may be attached: ${ATTACHABLE}.`,
      place: { pointer: "/query/name" },
    },
  });
});

test("what is allowed is said in words", () => {
  expect(ATTACHABLE).toMatch(/^PNG, JPEG, .*PDF, .*; text in UTF-8 named \.txt, \.log, .*\.csv/);
});

test("only images are shown, and text is known as text", () => {
  const types = ["image/png", "image/gif", "application/pdf", "text/csv", "application/xml", "image/svg+xml"];
  expect(types.filter(isShowable)).toEqual(["image/png", "image/gif"]);
  expect(types.filter(isText)).toEqual(["text/csv", "application/xml"]);
});
