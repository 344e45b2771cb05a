import fc from "fast-check";
import type { Schema, Schemas } from "./json-schema.ts";
import { HOSTILE } from "./texts.ts";

/** Values that exist on the server, by the name of the member or parameter that takes them. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

const DEEPEST = 4;
const LONGEST = 3000;

/** Values that a schema describes, hostile texts and bounds among them; known ones about half of the time. */
export function valuesOf(schema: Schema, schemas: Schemas, known: Known, name = "", depth = 0): fc.Arbitrary<unknown> {
  const free = freeValuesOf(schemas.resolve(schema), schemas, known, depth);
  const fitting = (known[name] ?? []).filter((value) => schemas.problems(schema, value).length === 0);
  return fitting.length === 0 ? free : fc.oneof({ arbitrary: fc.constantFrom(...fitting), weight: 2 }, free);
}

function freeValuesOf(schema: Schema, schemas: Schemas, known: Known, depth: number): fc.Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms) return fc.oneof(...forms.map((form) => valuesOf(form, schemas, known, "", depth)));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => freeValuesOf({ ...schema, type }, schemas, known, depth)));
  const { minItems = 0, maxItems = 4, minimum = -10, maximum = 10 } = schema as Record<string, number>;
  switch (schema.type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.integer({ min: Math.max(minimum, -1000), max: Math.min(maximum, 1000) }),
      );
    case "string":
      return textsOf(schema, schemas);
    case "array":
      return fc.array(valuesOf(schema.items as Schema, schemas, known, "", depth + 1), {
        minLength: minItems,
        maxLength: depth > DEEPEST ? minItems : Math.min(maxItems, minItems + 3),
      });
    case "object":
      return objectsOf(schema, schemas, known, depth);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function textsOf(schema: Schema, schemas: Schemas): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = LONGEST } = schema as { minLength?: number; maxLength?: number };
  const fits = (text: string) => schemas.problems(schema, text).length === 0;
  if (schema.format === "email") return fc.constantFrom("a@b.example", "o'neil+x@mail.example");
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern as string)).filter(fits);
  const longest = Math.min(maxLength, LONGEST);
  const bounds = [minLength, longest].map((length) => "x".repeat(length));
  const free = fc.string({ minLength, maxLength: Math.min(longest, minLength + 40), unit: "binary" });
  return fc.oneof(
    { arbitrary: fc.constantFrom(...HOSTILE.filter(fits), ...bounds), weight: 3 },
    free.filter((text) => fits(text) && !text.includes("\0") && text.isWellFormed()),
  );
}

function objectsOf(schema: Schema, schemas: Schemas, known: Known, depth: number): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {});
  if (members.length > 0) {
    const shape = Object.fromEntries(
      members.map(([name, one]) => [name, valuesOf(one, schemas, known, name, depth + 1)]),
    );
    const optional = members.map(([name]) => name).filter((name) => !schema.required?.includes(name));
    return fc
      .tuple(fc.record(shape), fc.subarray(optional))
      .map(([whole, gone]) => Object.fromEntries(Object.entries(whole).filter(([name]) => !gone.includes(name))));
  }
  const { additionalProperties: others } = schema;
  if (others === false) return fc.constant({});
  const value =
    typeof others === "object" ? valuesOf(others, schemas, known, "", depth + 1) : fc.jsonValue({ maxDepth: 2 });
  const key = fc.oneof(
    fc.constantFrom(...HOSTILE.filter((text) => text !== "__proto__")),
    fc.string({ maxLength: 12 }),
  );
  return fc
    .dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
    .filter((value) => JSON.stringify(value).isWellFormed() && !/\\u(?:0000|d[89a-f])/i.test(JSON.stringify(value)));
}
