// Puts modules of the simulation in the place of others, for whoever imports those from then on. The replacement itself still gets the real one.

import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** `wanted`, `given`: paths from this folder. Throws where there is no such file: an audit that replaces nothing would look like one that finds nothing. */
type Replacement = { readonly wanted: string; readonly given: string }

export function replaceModules(replacements: readonly Replacement[]): void {
  const places = replacements.map(({ wanted, given }) => ({ wanted: placeOf(wanted), given: placeOf(given) }))
  registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      const place = places.find(({ wanted, given }) => wanted === found.url && context.parentURL !== given)
      return place === undefined ? found : { ...found, url: place.given }
    },
  })
}

function placeOf(path: string): string {
  const url = new URL(path, import.meta.url)
  if (!existsSync(url)) throw new Error(`there is no ${path} to replace, or to put in its place`)
  return url.href
}
