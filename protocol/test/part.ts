// What a host loads later is there from the beginning for tests that step a node themselves.

import * as later from '../src/host/later.ts'
import { loadPart } from '../src/host/part.ts'

await loadPart(() => Promise.resolve(later))
