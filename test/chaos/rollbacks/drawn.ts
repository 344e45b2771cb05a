import { Drawing } from "./drawing.ts";
import { STEPS, type Step } from "./grammar.ts";
import { type Pair, WRITTEN } from "./written.ts";

/** A pair of one to four steps, in the way back of which something may be forgotten, wrong or in the wrong order. */
export function drawnPair(seed: number, number: number): Pair {
  const draw = new Drawing(seed, number);
  const steps = Array.from({ length: 1 + draw.below(4) }, (_, at) => step(draw, at));
  const downs = steps.map(({ downs }) => downs[0]!).reverse();
  const at = draw.below(steps.length);
  switch (draw.of("whole", "whole", "forgets", "wrong", "wrong", "order")) {
    case "forgets":
      downs.splice(at, 1);
      break;
    case "wrong": {
      const { downs: all } = steps[steps.length - 1 - at]!;
      downs[at] = all[draw.below(all.length)]!;
      break;
    }
    case "order":
      downs.reverse();
      break;
    case "whole":
      break;
  }
  const down = downs.length === 0 ? "select 1" : downs.join(";\n");
  return { name: `drawn ${number} of ${seed}`, up: steps.map(({ up }) => up).join(";\n"), down };
}

/** Mostly by the grammar, sometimes one that is written by hand. */
function step(draw: Drawing, at: number): Step {
  return draw.below(4) === 0 ? draw.of(...WRITTEN) : draw.of(...STEPS)(draw, `x${at}`);
}
