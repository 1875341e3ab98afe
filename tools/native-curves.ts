// For tests that live through many lives: their curves are OpenSSL's, as in `npm run simulate`.

import { join } from 'node:path'
import type { Plugin } from 'vite'
import { ROOT } from './dist.ts'

const CURVES = /\/protocol\/src\/crypto\/(?:sign|agree|kem)\.ts$/

/** What the protocol takes from its curves comes from native-crypto.ts. */
export function nativeCurves(): Plugin {
  const native = join(ROOT, 'protocol/test/simulation/native-crypto.ts')
  return {
    name: 'kith:native-curves',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined || importer === native) return null
      const found = await this.resolve(source, importer, { ...options, skipSelf: true })
      return found !== null && CURVES.test(found.id) ? native : null
    },
  }
}
