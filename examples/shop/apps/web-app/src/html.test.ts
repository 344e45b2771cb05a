import { expect, test } from "vitest";
import { escapeHtml, euros } from "./html.js";

test("markup in a name is shown, not run", () => {
  expect(escapeHtml('<b>"tea" & cup</b>')).toBe("&lt;b&gt;&quot;tea&quot; &amp; cup&lt;/b&gt;");
});

test("prices are in euros", () => {
  expect(euros(890)).toBe("€ 8.90");
});
