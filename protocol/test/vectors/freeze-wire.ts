// Writes wire-*.json anew: only when the grammar is changed on purpose, together with its version and docs/protocol.md.

import { writeFileSync } from 'node:fs'
import { wireVectors } from './wire.ts'

for (const [name, vectors] of Object.entries(wireVectors()))
  writeFileSync(new URL(`wire-${name}.json`, import.meta.url), `${JSON.stringify(vectors, undefined, 2)}\n`)
