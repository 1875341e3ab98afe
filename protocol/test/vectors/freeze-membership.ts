// Writes membership-*.json anew: only when the grammar is changed on purpose, together with its version and docs/protocol.md.

import { writeFileSync } from 'node:fs'
import { actVectors, memberStateVectors } from './membership.ts'

const freeze = (name: string, vectors: readonly unknown[]): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(vectors, undefined, 2)}\n`)

freeze('membership-act.json', actVectors())
freeze('membership-state.json', memberStateVectors())
