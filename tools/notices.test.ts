// What ships comes with its licence, and only under one that lets it.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { distFolder, ROOT } from './dist.ts'
import { ALLOWED, NOTICES_FILE, noticesText, packageFolderOf, readPackage } from './notices.ts'

const modules = join(ROOT, 'node_modules')

it('knows the package of a module, whatever the build has hung on its name', () => {
  expect(packageFolderOf(`\0${modules}/@noble/hashes/sha2.js?commonjs`)).toBe(join(modules, '@noble/hashes'))
  expect(packageFolderOf(join(ROOT, 'app/src/main.ts'))).toBeUndefined()
})

it('gives each package its name, version and licence, and says a licence that many share once', () => {
  const text = noticesText([
    { name: 'b', version: '1', license: 'MIT', text: 'the same' },
    { name: 'a', version: '2', license: 'MIT', text: 'the same' },
  ])
  expect(text).toContain('a 2 (MIT)\nb 1 (MIT)\n\nthe same\n')
})

it('a package that ships has a licence that lets it', () => {
  for (const name of ['vue', 'yjs', '@noble/hashes', 'emojibase-data', '@lucide/vue']) {
    const { license, text } = readPackage(join(modules, name))
    expect([...ALLOWED], name).toContain(license)
    expect(text.length, name).toBeGreaterThan(3)
  }
})

it.skipIf(!existsSync(join(distFolder(), NOTICES_FILE)))(
  'the build names what it has bundled, workers included, all of it under such a licence',
  () => {
    const text = readFileSync(join(distFolder(), NOTICES_FILE), 'utf8')
    const named = [...text.matchAll(/^(@?[a-z][\w@/.-]*) \d[\w.-]* \((.+)\)$/gm)]
    for (const name of ['@vue/runtime-core', 'yjs', '@noble/hashes', 'libp2p', 'emojibase-data', '@lucide/vue'])
      expect(named.map((one) => one[1])).toContain(name)
    for (const [line, , license = ''] of named) expect([...ALLOWED], line).toContain(license)
  },
)
