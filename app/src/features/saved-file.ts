// Hands a file over to the browser's own saving: nothing of it is opened here. Its name may come from somebody hostile.

import { withoutHidden } from './shown-file-name.ts'

const NOT_IN_NAMES = /[/\\:*?"<>|]/g
/** Names that a system takes for something else than a file. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu

/** As it may lie on a disk: no path, not hidden, no device. */
export function toSavedFileName(name: string): string {
  const clean = withoutHidden(name)
    .replace(NOT_IN_NAMES, '_')
    .replace(/^\.+|[. ]+$/gu, '')
  if (clean === '') return 'file'
  return RESERVED.test(clean) ? `_${clean}` : clean
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = toSavedFileName(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
