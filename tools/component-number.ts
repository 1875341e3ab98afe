// A style is for its own component by the number of that: a digest would stand in each of its rows, and brotli finds nothing to share in digests.

import { readdirSync } from 'node:fs'

/** `path` as Vue's plugin says it, from the root. */
export function componentNumber(root: string): (path: string) => string {
  const components = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.vue'))
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .toSorted()
  return (path) => {
    const number = components.indexOf(path)
    if (number < 0) throw new Error(`${path} was not there when the build began`)
    return number.toString(36)
  }
}
