import ts from "typescript";
import type { CodeBase } from "../code-base.ts";
import { bare } from "../implementations/method-state.ts";
import { type Carrier, carrierOf, functionOf, VERBS } from "./carriers.ts";

/** Something done with what routes are declared on: a method called, or handed to a function, whose parameter goes on with it. */
export type Use =
  | { readonly kind: "called"; readonly method: string; readonly call: ts.CallExpression; readonly carrier: Carrier }
  | { readonly kind: "handed"; readonly parameter: ts.Node; readonly carrier: Carrier };

const METHODS: ReadonlySet<string> = new Set([...VERBS, "route", "register", "use", "on", "openapi"]);
/** Calls that look like routes or say the name of a framework; all other files are left unparsed. */
const LIKELY =
  /\.\s*(?:get|post|put|patch|delete|head|options|all|route|register|use|on|openapi)\s*(?:<[^;]{0,400}?>)?\(/;
const FRAMEWORK = /\b(?:fastify|express|hono)\b|["'`]\//i;

/** Every use of what routes are declared on, by the node that makes it or by which it comes in. */
export function routeUses(code: CodeBase): Map<ts.Node, Use[]> {
  const uses = new Map<ts.Node, Use[]>();
  const add = (use: Use) => {
    const { node } = use.carrier;
    const known = uses.get(node);
    if (known) known.push(use);
    else uses.set(node, [use]);
  };
  for (const file of code.sources.code) {
    const text = code.sources.text(file);
    if (text === null || !FRAMEWORK.test(text) || !(LIKELY.test(text) || /fastify|express|hono/i.test(text))) continue;
    const source = code.sources.parse(file);
    if (source) look(source);
  }
  return uses;

  function look(node: ts.Node): void {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) inspect(node);
    ts.forEachChild(node, look);
  }

  function inspect(call: ts.CallExpression | ts.NewExpression): void {
    const callee = bare(call.expression);
    if (ts.isCallExpression(call) && ts.isPropertyAccessExpression(callee) && METHODS.has(callee.name.text)) {
      const carrier = carrierOf(code, callee.expression);
      if (carrier) add({ kind: "called", method: callee.name.text, call, carrier });
      if (carrier?.made) return;
    }
    for (const [at, argument] of (call.arguments ?? []).entries()) hand(call, callee, argument, at);
  }

  function hand(
    call: ts.CallExpression | ts.NewExpression,
    callee: ts.Node,
    argument: ts.Expression,
    at: number,
  ): void {
    const value = bare(argument);
    if (ts.isObjectLiteralExpression(value)) {
      for (const property of value.properties) {
        const inside = ts.isShorthandPropertyAssignment(property)
          ? property.name
          : ts.isPropertyAssignment(property)
            ? property.initializer
            : null;
        const name = property.name?.getText();
        if (inside && name && isName(bare(inside)))
          give(call, callee, inside, (parameter) => elementOf(parameter, name), at);
      }
    } else if (isName(value)) give(call, callee, value, (parameter) => parameter, at);
  }

  function give(
    call: ts.CallExpression | ts.NewExpression,
    callee: ts.Node,
    value: ts.Expression,
    into: (parameter: ts.ParameterDeclaration) => ts.Node | null,
    at: number,
  ): void {
    const taker = takerOf(code, call, callee)?.parameters[at];
    const parameter = taker && into(taker);
    const carrier = parameter && carrierOf(code, value);
    if (parameter && carrier) add({ kind: "handed", parameter, carrier });
  }
}

function isName(node: ts.Node): node is ts.Expression {
  return (
    ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword)
  );
}

/** The function, method or constructor of this repository that a call enters. */
function takerOf(code: CodeBase, call: ts.CallExpression | ts.NewExpression, callee: ts.Node) {
  if (ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.ThisKeyword) {
    let at: ts.Node | undefined = call;
    while (at && !ts.isClassLike(at)) at = at.parent;
    return at?.members.find(
      (member): member is ts.MethodDeclaration =>
        ts.isMethodDeclaration(member) && member.name.getText() === callee.name.text,
    );
  }
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return null;
  const meaning = code.symbols.meaningOf(callee);
  if (!("declaration" in meaning)) return null;
  const { declaration } = meaning;
  if (ts.isClassLike(declaration)) return declaration.members.find(ts.isConstructorDeclaration) ?? null;
  return functionOf(declaration);
}

function elementOf({ name }: ts.ParameterDeclaration, key: string): ts.Node | null {
  if (!ts.isObjectBindingPattern(name)) return null;
  return name.elements.find((element) => (element.propertyName ?? element.name).getText() === key) ?? null;
}
