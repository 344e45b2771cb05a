import { z } from "zod";

/** Members that an object takes, as noted on an `unrecognized_keys` issue by `strictly`. */
export interface AllowedMembers {
  readonly allowedMembers: readonly string[];
}

const made = new WeakMap<z.core.$ZodType, z.core.$ZodType>();

/**
 * The same schema in which every plain object refuses members it does not declare; declared catch-alls and records stay open. A number that
 * is read from text is whole and in decimal digits: neither 0x10 nor 1e1, nor nothing.
 */
export function strictly<S extends z.core.$ZodType>(schema: S): S {
  const known = made.get(schema);
  if (known) return known as S;
  const strict = rebuild(schema as unknown as z.core.$ZodTypes);
  made.set(schema, strict);
  return strict as unknown as S;
}

function rebuild(schema: z.core.$ZodTypes): z.core.$ZodType {
  const def = schema._zod.def;
  switch (def.type) {
    case "number":
      return def.coerce ? z.preprocess(digits, schema as unknown as z.ZodType) : schema;
    case "object":
      return strictObject(schema as z.core.$ZodObject);
    case "array":
      return z.core.clone(schema, { ...def, element: strictly(def.element) });
    case "record":
      return z.core.clone(schema, { ...def, valueType: strictly(def.valueType) });
    case "union":
      return z.core.clone(schema, { ...def, options: def.options.map((option) => strictly(option)) });
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "nonoptional":
      return z.core.clone(schema, { ...def, innerType: strictly(def.innerType) } as typeof def);
    default:
      return schema;
  }
}

function digits(value: unknown): unknown {
  return typeof value !== "string" || /^-?\d+$/.test(value) ? value : Number.NaN;
}

function strictObject(schema: z.core.$ZodObject): z.core.$ZodType {
  const def = schema._zod.def;
  const members = Object.keys(def.shape);
  const shape: Record<string, z.core.$ZodType> = {};
  for (const member of members) {
    // A getter keeps schemas that contain themselves from being walked for ever.
    Object.defineProperty(shape, member, { enumerable: true, get: () => strictly(def.shape[member]!) });
  }
  const error: z.core.$ZodErrorMap = (issue) => {
    if (issue.code === "unrecognized_keys") Object.assign(issue, { allowedMembers: members } satisfies AllowedMembers);
    return (def.error as z.core.$ZodErrorMap | undefined)?.(issue);
  };
  return z.core.clone(schema, { ...def, shape, catchall: def.catchall ?? z.never(), error });
}
