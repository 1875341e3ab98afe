// Writes suite-1.json anew: only when a suite is changed on purpose, together with its version and docs/protocol.md.

import { writeFileSync } from 'node:fs'
import { suiteOneVectors } from './suite-1.ts'

writeFileSync(new URL('suite-1.json', import.meta.url), `${JSON.stringify(suiteOneVectors(), undefined, 2)}\n`)
