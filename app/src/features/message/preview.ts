// What stands for a message in one line: in the box that answers it, in the bar of what is pinned, in a quote.

import type { AttachmentView } from '@kith/protocol'
import { toClockText } from '../clock-text.ts'
import { toShownFileName } from '../shown-file-name.ts'
import { isBlank } from '../visible.ts'
import { words } from '../words.ts'
import { toPlainWords } from './plain-words.ts'

type Said = { readonly text: string; readonly files?: readonly AttachmentView[] | undefined }

/** Its text, or what its first file is called, which a photo is not. */
export const toPreview = ({ text, files = [] }: Said): string => {
  if (!isBlank(text)) return toPlainWords(text)
  const [first] = files
  const played = first?.voice ?? first?.video
  if (played !== undefined) return `${first?.voice === undefined ? '🎬' : '🎤'} ${toClockText(played.duration)}`
  return first === undefined || first.photo !== undefined ? words.chat.photo : toShownFileName(first.name)
}
