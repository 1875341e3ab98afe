// Preloaded by `npm run simulate`: whoever imports crypto/sign.ts or crypto/agree.ts from here on gets native-crypto.ts.

import { registerHooks } from 'node:module'

const NATIVE = new URL('native-crypto.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const isReplaced = context.parentURL !== NATIVE && /\/protocol\/src\/crypto\/(?:sign|agree)\.ts$/.test(found.url)
    return isReplaced ? { ...found, url: NATIVE } : found
  },
})
