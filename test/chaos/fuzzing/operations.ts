import { type Schema, Schemas } from "./json-schema.ts";

/** What may be answered with a status, by media type. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Schema>>>>;

/** A value that goes into the path, the query or a header. */
export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** One operation, as the document of the running server describes it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` where a parameter goes. */
  readonly path: string;
  readonly params: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly body: { readonly type: string; readonly schema: Schema; readonly required: boolean } | undefined;
  readonly answers: Answers;
}

export interface Interface {
  readonly operations: readonly Operation[];
  readonly schemas: Schemas;
}

type Content = Record<string, { schema: Schema }>;
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter & { in: string })[];
  readonly requestBody?: { content: Content; required?: boolean };
  readonly responses: Record<string, { content?: Content }>;
}

/** Reads the document that a running server publishes about itself. */
export async function readInterface(address: string): Promise<Interface> {
  const response = await fetch(`${address}/api/openapi.json`);
  const document = (await response.json()) as {
    paths: Record<string, Record<string, Described>>;
    components: { schemas: Record<string, Schema> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method.toUpperCase(), path, described)),
  );
  return { operations, schemas: new Schemas(document.components.schemas) };
}

function operationOf(method: string, path: string, described: Described): Operation {
  const { operationId: id, parameters = [], requestBody, responses } = described;
  const [body] = Object.entries(requestBody?.content ?? {});
  return {
    id,
    method,
    path,
    params: parameters.filter((one) => one.in === "path"),
    query: parameters.filter((one) => one.in === "query"),
    body: body && { type: body[0], schema: body[1].schema, required: requestBody?.required ?? false },
    answers: Object.fromEntries(
      Object.entries(responses).map(([status, { content = {} }]) => [
        status,
        Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
      ]),
    ),
  };
}
