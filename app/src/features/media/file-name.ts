// The name of a file as it is sent and saved: whoever chose it may be hostile.

import { toSavedFileName } from '../saved-file.ts'
import { toShownFileName, withoutHidden } from '../shown-file-name.ts'

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

/** What is shown or played is saved with the ending of what it is: the one in its name is only what its sender says. */
export function toPhotoFileName(name: string, type: string): string {
  const stem = toSavedFileName(withoutHidden(name).replace(/\.[^.]*$/u, ''))
  const [kind] = type.split('/')
  const ending = ENDINGS.get(type) ?? 'jpg'
  return `${stem === 'file' ? (kind === 'image' ? 'photo' : String(kind)) : stem}.${ending}`
}

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
  ['audio/webm', 'webm'],
  ['audio/ogg', 'ogg'],
  ['audio/mp4', 'm4a'],
  ['video/webm', 'webm'],
  ['video/ogg', 'ogv'],
  ['video/mp4', 'mp4'],
])

const PICTURE_OR_FILM =
  /\.(?:jpe?g|jfif|png|webp|avif|bmp|gif|hei[cf]|hif|jxl|tiff?|psd|raw|dng|cr[23w]|nef|nrw|arw|sr[2fw]|orf|rw2|raf|pef|3fr|iiq|mp4|m4v|mov|qt|webm|mkv|avi|3gp|3g2|mts|m2ts|mpe?g|wmv|insv|insp)$/iu

/** A camera may have written into it where, when and with what it was taken. Browsers give many of these files no type. */
export const isPictureOrFilm = ({ type, name }: Pick<File, 'type' | 'name'>): boolean =>
  /^(?:image|video)\//iu.test(type) || PICTURE_OR_FILM.test(name.trim())
