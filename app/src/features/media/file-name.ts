// The name of a file as it is shown and saved: whoever chose it may be hostile.

import { NAME_LENGTH_MAX } from './limits.ts'

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu
const NOT_IN_NAMES = /[/\\:*?"<>|]/g
/** Names that a system takes for something else than a file. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu

/** Nothing hidden, no direction marks that would show another ending than it has. */
export const toShownFileName = (name: string): string => withoutHidden(name).slice(0, NAME_LENGTH_MAX)

const withoutHidden = (name: string): string => name.replace(HIDDEN, '').trim()

/** The same as it may lie on a disk: no path, not hidden, no device. */
export function toSavedFileName(name: string): string {
  const clean = withoutHidden(name)
    .replace(NOT_IN_NAMES, '_')
    .replace(/^\.+|[. ]+$/gu, '')
  if (clean === '') return 'file'
  return RESERVED.test(clean) ? `_${clean}` : clean
}

/** The name of a file that is picked, as the protocol takes it. Cut so that its ending stays. */
export function toSentFileName(name: string, bytesMax = 255): string {
  const clean = toSavedFileName(name)
  const ending = /\.[^.]{1,12}$/u.exec(clean)?.[0] ?? ''
  const encoder = new TextEncoder()
  let stem = clean.slice(0, clean.length - ending.length)
  while (encoder.encode(stem + ending).length > bytesMax) stem = Array.from(stem).slice(0, -1).join('')
  return stem + ending
}

/** Beginning and end of a name, so that a long one keeps the ending that says what it is. */
export function toNameParts(name: string): { readonly start: string; readonly end: string } {
  const shown = toShownFileName(name)
  const cut = Math.max(0, shown.length - 12)
  return { start: shown.slice(0, cut), end: shown.slice(cut) }
}

const ACTIVE =
  /\.(?:exe|msi|bat|cmd|com|scr|ps1|vbs|jar|app|dmg|pkg|deb|rpm|apk|sh|command|html?|xhtml|svg|js|mjs|hta|lnk|url|desktop|reg|docm|xlsm|pptm|iso)$/iu

/** Opening such a file may run a program or load a page. */
export const isActiveFile = (name: string): boolean => ACTIVE.test(toShownFileName(name))
