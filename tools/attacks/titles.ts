// The titles of all tests in a file, read from its source without running it: each with those of the groups around it.

import ts from 'typescript'

const GROUPS = new Set(['describe'])
const TESTS = new Set(['it', 'test'])

/** Titles as they are written: `outer > inner > title`. In one of `.each` the values are not filled in. */
export function titlesIn(text: string): readonly string[] {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, false)
  const titles: string[] = []
  const visit = (node: ts.Node, around: readonly string[]): void => {
    const named = ts.isCallExpression(node) ? titleOf(node) : undefined
    if (named?.is === 'test') titles.push([...around, named.title].join(' > '))
    ts.forEachChild(node, (child) => visit(child, named?.is === 'group' ? [...around, named.title] : around))
  }
  visit(source, [])
  return titles
}

function titleOf({
  expression,
  arguments: [first],
}: ts.CallExpression): { readonly is: 'group' | 'test'; readonly title: string } | undefined {
  if (first === undefined || !(ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))) return undefined
  const names = namesIn(expression)
  const title = ts.isStringLiteralLike(first) ? first.text : templateOf(first)
  // A step is a part of a walk, and Playwright has its groups at `test.describe`.
  if (names.includes('step')) return undefined
  if (names.some((name) => GROUPS.has(name))) return { is: 'group', title }
  return TESTS.has(names[0] ?? '') ? { is: 'test', title } : undefined
}

/** What stands in the place of a value is any text. */
const templateOf = ({ head, templateSpans }: ts.TemplateExpression): string =>
  [head.text, ...templateSpans.map(({ literal }) => literal.text)].join('%s')

/** `test.each(…)` is called with the title: the names on the way are those of `test` and of `each`. */
function namesIn(expression: ts.Expression): readonly string[] {
  if (ts.isIdentifier(expression)) return [expression.text]
  if (ts.isPropertyAccessExpression(expression)) return [...namesIn(expression.expression), expression.name.text]
  return ts.isCallExpression(expression) ? namesIn(expression.expression) : []
}

/** What stands in the place of a value is any text here as well. */
const partsOf = (written: string): readonly string[] =>
  written.split(/%[sdifjo#]|\$[\w.]+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))

/** What runners take as a pattern of the names of tests: those with one of these titles, whatever their groups are. */
export const patternOf = (written: readonly string[]): string =>
  [...new Set(written.map((title) => partsOf(title.replace(/^.* > /, '')).join('.*')))].join('|')

/** Whether a title that was filled in came of one that was written. */
export function isTitleOf(written: string, filledIn: string): boolean {
  return new RegExp(`^${partsOf(written).join('[^]*')}$`).test(filledIn.replaceAll(/\s+/g, ' '))
}
