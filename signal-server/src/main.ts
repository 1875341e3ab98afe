#!/usr/bin/env node
// Where the relay and its commands begin.

import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Half of what a start takes is reading the same source again. Kept in the checkout, where nobody writes who could not change the source as well; where it
// cannot be written, everything is read again.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/relay', import.meta.url)))
const { main } = await import('./kith-relay.ts')
await main()
