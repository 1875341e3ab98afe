// One text with all faults of a module in it, each behind a switch: a process that has loaded it once can try one fault after the other.

import ts from 'typescript'
import type { Mutant, Range } from './mutants.ts'

/** Is asked with the number of a fault whether it is the one that is on. */
export const SWITCH = 'kithFault'

/** What it is asked with when the module is loaded. */
export const LOADED = -2

/** `mutants`: of this text, each on when `SWITCH` says yes to its place in the list. */
export function switched(text: string, mutants: readonly Mutant[]): string {
  const wholes = new Map<string, { readonly range: Range; readonly numbers: number[] }>()
  for (const [number, { whole }] of mutants.entries()) {
    const key = `${whole.start}-${whole.end}`
    const known = wholes.get(key) ?? { range: whole, numbers: [] }
    known.numbers.push(number)
    wholes.set(key, known)
  }
  // From outside to inside: whatever begins first, and of those the longest.
  const sorted = [...wholes.values()].toSorted((a, b) => a.range.start - b.range.start || b.range.end - a.range.end)
  const { keys, beginnings } = placesIn(text)
  let next = 0
  const write = ({ start, end }: Range): string => {
    const parts: string[] = []
    let at = start
    while (next < sorted.length) {
      const one = sorted[next]
      if (one === undefined || one.range.start >= end) break
      next += 1
      // Without semicolons, a statement that begins with a bracket would be a call of what stands before it.
      const isFirst = beginnings.delete(one.range.start)
      parts.push(text.slice(at, one.range.start), isFirst ? ';' : '', around(one.range, one.numbers, write(one.range)))
      at = one.range.end
    }
    return [...parts, text.slice(at, end)].join('')
  }
  const around = (range: Range, numbers: readonly number[], inner: string): string => {
    const others = numbers.map((number) => `globalThis.${SWITCH}(${number}) ? (${faultyPart(text, mutants[number])}) : `).join('')
    const all = `(${others}(${inner}))`
    return keys.has(range.start) ? `[${all}]` : all
  }
  return `${write({ start: 0, end: text.length })}\n;globalThis.${SWITCH}(${LOADED})\n`
}

/** Only one fault is on at a time, so inside of one all else is as it was. */
function faultyPart(text: string, mutant: Mutant | undefined): string {
  if (mutant === undefined) return ''
  const { whole, start, end, to } = mutant
  return `${text.slice(whole.start, start)}${to}${text.slice(end, whole.end)}`
}

/** Where numbers are names of properties, and where statements of a block begin. */
function placesIn(text: string): { readonly keys: ReadonlySet<number>; readonly beginnings: Set<number> } {
  const source = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true)
  const [keys, beginnings] = [new Set<number>(), new Set<number>()]
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && ts.isNumericLiteral(node.name)) keys.add(node.name.getStart(source))
    const isInBlock = ts.isExpressionStatement(node) && (ts.isBlock(node.parent) || ts.isSourceFile(node.parent))
    if (isInBlock) beginnings.add(node.getStart(source))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { keys, beginnings }
}
