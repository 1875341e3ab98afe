// Puts modules of the simulation in the place of others, for whoever imports those from then on. The replacement itself still gets the real one.

import { registerHooks } from 'node:module'

export function replaceModules(replacements: readonly { readonly wanted: RegExp; readonly given: string }[]): void {
  const places = replacements.map(({ wanted, given }) => ({ wanted, given: new URL(given, import.meta.url).href }))
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      const place = places.find(({ wanted, given }) => wanted.test(found.url) && context.parentURL !== given)
      return place === undefined ? found : { ...found, url: place.given }
    },
  })
}
