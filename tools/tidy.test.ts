// Style as a test: rules of CONTRIBUTING.md that no linter here can see.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './dist.ts'
import { sourceFiles, type SourceFile } from './tree.ts'

const files = sourceFiles()
const self = (file: SourceFile): boolean => file.path === 'tools/tidy.test.ts'
const isCode = ({ path }: SourceFile): boolean => /\.(ts|vue)$/.test(path)
const isTest = ({ path }: SourceFile): boolean => /\.(test|e2e)\.ts$/.test(path) || /\/(test|e2e)\//.test(path)
const code = files.filter((file) => isCode(file) && !self(file))
const shipped = code.filter((file) => /^(protocol|signal-server|app)\/src\//.test(file.path) && !isTest(file))

/** Constants that are named like a bound, wherever they are. A pause or an interval ends in its unit instead. */
const bounds = shipped.flatMap(({ path, text }) =>
  [...text.matchAll(/^\s*(?:export )?const ([A-Z][A-Z0-9_]*_(?:MAX|MIN|RATE|BUCKETS|KEPT|WINDOW|LIMIT))\b/gm)].map((match) => ({
    path,
    name: String(match[1]),
  })),
)

/** Lines that match, as `path:line`, ready to be clicked. */
function found(among: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return among.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  )
}

/** One value for each side, of which those at the left and the right differ. */
function isLopsided(line: string): boolean {
  const values =
    /^(?:margin|padding|inset|border-width): (.*);$/
      .exec(line)?.[1]
      ?.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, (inner) => inner.replaceAll(' ', '')) ?? ''
  const [, right, , left] = values.split(' ')
  return left !== undefined && left !== right
}

describe('tidy', () => {
  it('reads the whole project', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(shipped.length).toBeGreaterThan(60)
  })

  it('puts no raw HTML on the page', () => {
    expect(found(shipped, /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/)).toEqual([])
  })

  it('runs no text as code', () => {
    expect(found(shipped, /\beval\(|new Function\(/)).toEqual([])
  })

  it('lays the page out by the direction of its lines, never by left and right', () => {
    const styles = files.filter(({ path }) => /^app\/src\/.*\.(css|vue)$/.test(path))
    const sided =
      /^\s*(?:(?:margin|padding|border|inset)-(?:left|right)\b|(?:left|right):.*;$|border-(?:top|bottom)-(?:left|right)-radius|(?:text-align|float|clear): (?:left|right)\b|translate: -?\d|transform: translateX\((?!calc))/
    // The edge of a screen, and the place of a pointer, are where they are in every language.
    const physical = /env\(safe-area-inset-(?:left|right)\)|left: var\(--x, 0\);/
    expect(styles.length).toBeGreaterThan(50)
    expect(found(styles, sided).filter((line) => !physical.test(line))).toEqual([])
    const lines = styles.flatMap(({ path, text }) => text.split('\n').map((line) => ({ path, line: line.trim() })))
    expect(lines.filter(({ line }) => isLopsided(line))).toEqual([])
    expect('  padding-left: 4px;', 'what it looks for').toMatch(sided)
    expect(isLopsided('padding: 9px var(--s-2) calc(1px + var(--s-2)) 14px;')).toBe(true)
  })

  it('calls no file by a word that says nothing', () => {
    const vague = /(^|[/.-])(manager|helpers?|utils?|common|misc|info|service)(?=[./-])|[a-z](Manager|Helper|Helpers|Utils?|Service|Info)\./
    expect(code.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
  })

  it('calls nothing by a word that says nothing', () => {
    const vague = /\b(?:function|const|class|type|interface|let)\s+\w*(?:[Mm]anager|[Hh]elper|[Uu]tils|Service|Info)\b/
    expect(found(shipped, vague)).toEqual([])
  })

  it('leaves no TODO without an owner', () => {
    expect(found(code, /\b(TODO|FIXME|XXX|HACK)\b(?!\([\w-]+\):)/)).toEqual([])
  })

  it('starts each file with a comment that says what it is', () => {
    const scripts = shipped.filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    expect(scripts.filter(({ text }) => !/^(#!.*\n)?(\/\/ .+|\/\*\*)/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('keeps clock, chance, timers, storage and network out of the core', () => {
    const core = shipped.filter(({ path }) => path.startsWith('protocol/src/'))
    const outside =
      /\b(Math\.random|Date\.now|new Date\(|performance\.now|setTimeout|setInterval|indexedDB|localStorage|fetch\(|XMLHttpRequest|WebSocket\()/
    expect(found(withoutComments(core), outside)).toEqual([])
  })

  it('keeps every bound in a limits.ts', () => {
    expect(bounds.filter(({ path }) => !/(^|[/-])limits\.ts$/.test(path)).map(({ path, name }) => `${path}: ${name}`)).toEqual([])
  })

  it('names every bound in a test', () => {
    const tests = code
      .filter(isTest)
      .map(({ text }) => text)
      .join('\n')
    expect(bounds.length).toBeGreaterThan(100)
    const untested = bounds.filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(tests))
    expect(untested.map(({ path, name }) => `${path}: ${name}`)).toEqual([])
  })

  it('names no other host in what the page is made of', () => {
    const page = files.filter(({ path }) => /^app\/(src|public|index\.html)/.test(path) && !path.endsWith('.test.ts'))
    const foreign =
      /(?:https?|wss?):\/\/(?!127\.0\.0\.1|localhost|[\w.-]*\bexample\.org|www\.w3\.org\/(?:2000\/svg|1999\/xlink))[\w.-]+\.[a-z]{2,}/
    expect(found(withoutComments(page), foreign)).toEqual([])
  })

  it('holds no path of one particular machine', () => {
    const absolute = /(?:^|[\s"'`(=])\/(?:home(?!\/alice)|Users|root|work|private|var\/folders)\/[\w.-]+/
    expect(
      found(
        files.filter((file) => !self(file)),
        absolute,
      ),
    ).toEqual([])
  })

  it('locks packages without saying where they came from', () => {
    const lock = files.find(({ path }) => path === 'package-lock.json')
    expect(lock).toBeDefined()
    expect(found(lock === undefined ? [] : [lock], /"resolved": "https?:/)).toEqual([])
  })

  it('links to files that exist', () => {
    const documents = files.filter(({ path }) => path.endsWith('.md'))
    const broken = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => String(match[1]))
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('lets only the crypto folder touch the primitives', () => {
    const elsewhere = shipped.filter(({ path }) => !/^protocol\/src\/(crypto|bytes)\//.test(path))
    expect(found(elsewhere, /from '@noble\//)).toEqual([])
  })

  it('silences no checker without a reason', () => {
    expect(found(code, /@ts-(ignore|nocheck)|eslint-disable(?!.*--)|oxlint-disable(?!.*--)/)).toEqual([])
  })
})

function withoutComments(among: readonly SourceFile[]): readonly SourceFile[] {
  return among.map(({ path, text }) => ({
    path,
    text: text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' ')).replaceAll(/(^|\s)\/\/ .*$/gm, ''),
  }))
}
