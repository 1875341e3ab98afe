import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, expect, it } from 'vitest'
import { oneDoor } from './one-door.ts'

const folder = mkdtempSync(join(tmpdir(), 'kith-door-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('lets a page load each of its late parts, and what is no late part as it is', async () => {
  const files = {
    'main.ts': `export const all = async () => [(await import('./late-one.ts')).default, (await import('./late-two.ts')).two, (await import('./other.ts')).three]
export type One = typeof import('./late-one.ts')`,
    'late-one.ts': 'export default 1',
    'late-two.ts': 'export const two = 2',
    'other.ts': 'export const three = 3',
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    plugins: [oneDoor(folder, (path) => path.includes('late-'))],
    build: {
      lib: { entry: join(folder, 'main.ts'), formats: ['es'], fileName: () => 'main.mjs' },
      rolldownOptions: { output: { chunkFileNames: '[name].mjs', codeSplitting: { groups: [{ name: 'late', test: /late-/ }] } } },
    },
  })
  const { all } = (await import(join(folder, 'dist', 'main.mjs'))) as { readonly all: () => Promise<readonly number[]> }
  expect(await all()).toEqual([1, 2, 3])
  const main = readFileSync(join(folder, 'dist', 'main.mjs'), 'utf8')
  expect(Array.from(main.matchAll(/import\("\.\/(\w+)\.mjs"\)/g), ([, name]) => name)).toEqual([
    '_virtual_later',
    '_virtual_later',
    'other',
  ])
})
