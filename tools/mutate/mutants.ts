// Small faults planted into a source, one at a time: what a hand that slips would write, and what an attacker would like to find.

import ts from 'typescript'

export type Mutant = {
  readonly line: number
  /** What stood there, and what stands there now. */
  readonly from: string
  readonly to: string
  readonly start: number
  readonly end: number
  /** The expression around it that can be written twice, once with the fault and once without. */
  readonly whole: Range
}
export type Range = { readonly start: number; readonly end: number }

const OPERATORS: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.AmpersandAmpersandToken]: '||',
  [ts.SyntaxKind.BarBarToken]: '&&',
  [ts.SyntaxKind.PlusToken]: '-',
  [ts.SyntaxKind.MinusToken]: '+',
}
const METHODS: ReadonlyMap<string, string> = new Map([
  ['every', 'some'],
  ['some', 'every'],
])

/** In the order of the source: conditions negated, refusals dropped, bounds shifted, connectives and constants changed. */
export function mutantsOf(text: string): readonly Mutant[] {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true)
  const mutants: Mutant[] = []
  const rangeOf = (node: ts.Node): Range => ({ start: node.getStart(source), end: node.getEnd() })
  const plant = (node: ts.Node, to: string, whole: ts.Node = node): void => {
    const { start, end } = rangeOf(node)
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    mutants.push({ line, from: text.slice(start, end), to, start, end, whole: rangeOf(whole) })
  }
  const visit = (node: ts.Node): void => {
    // Types say nothing at run time, and what a text says is not what a module decides.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isTemplateExpression(node) || ts.isThrowStatement(node)) return
    plantAt(node, plant, source)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return mutants.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

function plantAt(node: ts.Node, plant: (node: ts.Node, to: string, whole?: ts.Node) => void, source: ts.SourceFile): void {
  if (ts.isIfStatement(node)) {
    // A condition that is a comparison is negated by that.
    if (!isComparison(node.expression)) plant(node.expression, `!(${node.expression.getText(source)})`)
    if (isLeaving(node.thenStatement)) plant(node.expression, 'false')
  } else if (ts.isConditionalExpression(node)) {
    if (!isComparison(node.condition)) plant(node.condition, `!(${node.condition.getText(source)})`)
  } else if (ts.isBinaryExpression(node)) {
    const other = OPERATORS[node.operatorToken.kind]
    if (other !== undefined) plant(node.operatorToken, other, node)
  } else if (ts.isNumericLiteral(node)) {
    plant(node, `${Number(node.text.replaceAll('_', '')) + 1}`)
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    plant(node, 'false')
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    plant(node, 'true')
  } else if (ts.isPropertyAccessExpression(node)) {
    const other = METHODS.get(node.name.text)
    if (other !== undefined && ts.isCallExpression(node.parent)) plant(node.name, other, wholeChain(node.parent))
  }
}

/** What follows a `?.` is left out with it, so it cannot be cut off. */
function wholeChain(node: ts.Expression): ts.Expression {
  const { parent } = node
  const goesOn = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)
  return goesOn && ts.isOptionalChain(parent) && parent.expression === node ? wholeChain(parent) : node
}

const COMPARISONS = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken])
const isComparison = (node: ts.Expression): boolean => ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind)

/** Whoever gets here goes no further. */
const isLeaving = (node: ts.Statement): boolean =>
  ts.isReturnStatement(node) ||
  ts.isContinueStatement(node) ||
  ts.isThrowStatement(node) ||
  (ts.isBlock(node) && node.statements.some(isLeaving))

export const applied = (text: string, { start, end, to }: Mutant): string => `${text.slice(0, start)}${to}${text.slice(end)}`
