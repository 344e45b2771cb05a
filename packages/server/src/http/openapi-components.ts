type Json = { [key: string]: unknown };

const PREFIX = "#/components/schemas/";

/**
 * Makes the components of a generated document readable: those nothing refers to go, an input alone under its name drops the
 * suffix "Input", what the server takes says that it takes no other members, what it answers leaves room for new ones.
 */
export function tidyComponents<T extends object>(generated: T): T {
  const document = structuredClone(generated) as Json;
  const components = (document.components ?? {}) as Json;
  const schemas = (components.schemas ?? {}) as Json;
  const used = reachable(document.paths, schemas);
  const inputs = inputNames(document.paths, schemas);
  const names = new Map([...used].map((name) => [name, finalName(name, used, inputs)]));
  const kept = [...used].sort().map((name): [string, unknown] => {
    setOpenness(schemas[name], inputs.has(name));
    return [names.get(name)!, schemas[name]];
  });
  components.schemas = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const operation of operationsOf(document.paths)) {
    setOpenness(operation.requestBody, true);
    setOpenness(operation.responses, false);
  }
  eachObject(document, (node) => {
    const name = referenceIn(node);
    if (name !== undefined) node.$ref = PREFIX + (names.get(name) ?? name);
  });
  return document as T;
}

function finalName(name: string, used: ReadonlySet<string>, inputs: ReadonlySet<string>): string {
  const short = name.replace(/Input$/, "");
  return inputs.has(name) && !used.has(short) ? short : name;
}

/** Components that request bodies and parameters lead to. */
function inputNames(paths: unknown, schemas: Json): Set<string> {
  const sent = operationsOf(paths).map(({ requestBody, parameters }) => ({ requestBody, parameters }));
  return reachable(sent, schemas);
}

function reachable(from: unknown, schemas: Json): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown) =>
    eachObject(part, (node) => {
      const name = referenceIn(node);
      if (name === undefined || found.has(name) || !(name in schemas)) return;
      found.add(name);
      visit(schemas[name]);
    });
  visit(from);
  return found;
}

function setOpenness(part: unknown, strict: boolean): void {
  eachObject(part, (node) => {
    if (node.type !== "object" || typeof node.properties !== "object") return;
    if (strict && !("additionalProperties" in node)) node.additionalProperties = false;
    if (!strict && node.additionalProperties === false) delete node.additionalProperties;
  });
}

function operationsOf(paths: unknown): Json[] {
  return Object.values((paths ?? {}) as Json).flatMap((item) => Object.values(item as Json) as Json[]);
}

function referenceIn(node: Json): string | undefined {
  return typeof node.$ref === "string" && node.$ref.startsWith(PREFIX) ? node.$ref.slice(PREFIX.length) : undefined;
}

function eachObject(part: unknown, see: (node: Json) => void): void {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) see(part as Json);
  for (const child of Object.values(part)) eachObject(child, see);
}
