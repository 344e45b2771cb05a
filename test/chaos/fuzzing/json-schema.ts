/** A JSON Schema of an OpenAPI 3.1 document, as far as such documents of ours go. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

type Check = (schema: Schema, value: unknown, at: string, schemas: Schemas) => string[];

/** Says independently of the server whether a value is what a schema describes. A keyword that it does not know throws. */
export class Schemas {
  readonly #named: Readonly<Record<string, Schema>>;
  constructor(named: Readonly<Record<string, Schema>>) {
    this.#named = named;
  }

  /** The schema itself, whatever name it goes by. */
  resolve(schema: Schema): Schema {
    if (typeof schema.$ref !== "string") return schema;
    const found = this.#named[schema.$ref.replace("#/components/schemas/", "")];
    if (!found) throw new Error(`${schema.$ref} is not in the document`);
    return this.resolve(found);
  }

  /** What of the value does not fit, each with a pointer; empty where all of it does. */
  problems(given: Schema, value: unknown, at = ""): string[] {
    const schema = this.resolve(given);
    return Object.keys(schema).flatMap((keyword) => {
      const check = CHECKS[keyword];
      if (check === undefined) throw new Error(`a schema has the keyword ${keyword}, which is not checked`);
      return check ? check(schema, value, at, this) : [];
    });
  }
}

const no = (at: string, what: string) => [`${at || "the value"} ${what}`];
const bound =
  (
    keyword: string,
    measure: (value: unknown) => number | undefined,
    holds: (size: number, limit: number) => boolean,
  ): Check =>
  (schema, value, at) => {
    const size = measure(value);
    return size === undefined || holds(size, schema[keyword] as number) ? [] : no(at, `breaks ${keyword}`);
  };
// Lengths are counted in UTF-16 units, as JavaScript does: never longer than code points allow.
const length = (value: unknown) => (typeof value === "string" ? value.length : undefined);
const size = (value: unknown) => (typeof value === "number" ? value : undefined);
const count = (value: unknown) => (Array.isArray(value) ? value.length : undefined);
const atLeast = (one: number, limit: number) => one >= limit;
const atMost = (one: number, limit: number) => one <= limit;
const fits = (options: readonly Schema[], value: unknown, at: string, schemas: Schemas) =>
  options.filter((option) => schemas.problems(option, value, at).length === 0).length;

/** Null: says nothing about values that another keyword does not say. */
const CHECKS: Readonly<Record<string, Check | null>> = {
  description: null,
  default: null,
  readOnly: null,
  contentMediaType: null,
  required: null,
  format: null,
  prefixItems: null,
  type: (schema, value, at) =>
    [schema.type!].flat().some((type) => isA(type, value)) ? [] : no(at, `is not ${[schema.type].flat().join(" or ")}`),
  const: (schema, value, at) => (value === schema.const ? [] : no(at, "is not the one value")),
  enum: (schema, value, at) => ((schema.enum as unknown[]).includes(value) ? [] : no(at, "is none of the values")),
  pattern: (schema, value, at) =>
    typeof value !== "string" || new RegExp(schema.pattern as string).test(value) ? [] : no(at, "breaks pattern"),
  minLength: bound("minLength", length, atLeast),
  maxLength: bound("maxLength", length, atMost),
  minimum: bound("minimum", size, atLeast),
  maximum: bound("maximum", size, atMost),
  minItems: bound("minItems", count, atLeast),
  maxItems: bound("maxItems", count, atMost),
  anyOf: (schema, value, at, schemas) => (fits(schema.anyOf!, value, at, schemas) > 0 ? [] : no(at, "fits no form")),
  oneOf: (schema, value, at, schemas) =>
    fits(schema.oneOf!, value, at, schemas) === 1 ? [] : no(at, "does not fit exactly one form"),
  items: (schema, value, at, schemas) => {
    if (!Array.isArray(value)) return [];
    const first = (schema.prefixItems ?? []) as Schema[];
    return value.flatMap((item, index) => {
      const one = first[index] ?? schema.items;
      return one === false ? no(`${at}/${index}`, "is one too many") : schemas.problems(one!, item, `${at}/${index}`);
    });
  },
  propertyNames: (schema, value, at, schemas) =>
    isA("object", value)
      ? Object.keys(value as object).flatMap((key) =>
          schemas.problems(schema.propertyNames as Schema, key, `${at}/${key}`),
        )
      : [],
  properties: (schema, value, at, schemas) => {
    if (!isA("object", value)) return [];
    const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value as object, key));
    const there = Object.entries(schema.properties!).filter(([key]) => Object.hasOwn(value as object, key));
    return [
      ...missing.flatMap((key) => no(`${at}/${key}`, "is missing")),
      ...there.flatMap(([key, one]) => schemas.problems(one, (value as Record<string, unknown>)[key], `${at}/${key}`)),
    ];
  },
  additionalProperties: (schema, value, at, schemas) => {
    if (!isA("object", value) || schema.additionalProperties === true) return [];
    const others = Object.entries(value as object).filter(([key]) => !Object.hasOwn(schema.properties ?? {}, key));
    return others.flatMap(([key, one]) =>
      schema.additionalProperties === false
        ? no(`${at}/${key}`, "is not known")
        : schemas.problems(schema.additionalProperties as Schema, one, `${at}/${key}`),
    );
  },
};

function isA(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
