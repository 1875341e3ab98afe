// Preloaded by `npm run simulate`: whoever imports one of these modules from here on gets another in its place. Curves are OpenSSL's, for speed;
// what the host keeps up is compared with what it stands for, each time.

import { registerHooks } from 'node:module'

const PLACES = [
  { wanted: /\/protocol\/src\/crypto\/(?:sign|agree)\.ts$/, given: new URL('native-crypto.ts', import.meta.url).href },
  { wanted: /\/protocol\/src\/host\/duty-book\.ts$/, given: new URL('audited-duty-book.ts', import.meta.url).href },
  { wanted: /\/protocol\/src\/host\/reachability\.ts$/, given: new URL('audited-reachability.ts', import.meta.url).href },
] as const

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const place = PLACES.find(({ wanted, given }) => wanted.test(found.url) && context.parentURL !== given)
    return place === undefined ? found : { ...found, url: place.given }
  },
})
