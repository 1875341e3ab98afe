// Circles of imports, those of types included: the linter looks at values only.

import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { sourceFiles } from './tree.ts'

type Imports = ReadonlyMap<string, readonly string[]>

const importsIn = (path: string, text: string): readonly string[] =>
  [...text.matchAll(/from '(\.{1,2}\/[^']+)'/g)].map(([, target = '']) => posix.join(posix.dirname(path), target))

/** Every way that leads back to where it began, once for each file on which it closes. */
function circlesIn(imports: Imports): readonly string[] {
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    if (way.includes(file) || done.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return circles
}

it('finds a circle where there is one', () => {
  const imports = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ])
  expect(circlesIn(imports)).toEqual(['b → d → b'])
})

it('has no circle of imports in the protocol, types included', () => {
  const files = sourceFiles().filter(({ path }) => /^protocol\/src\/.*(?<!\.test)\.ts$/.test(path))
  expect(files.length).toBeGreaterThan(150)
  expect(circlesIn(new Map(files.map(({ path, text }) => [path, importsIn(path, text)])))).toEqual([])
})
