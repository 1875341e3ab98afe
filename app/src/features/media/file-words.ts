// Where a file is, in a sentence.

import type { AttachmentView, FileView } from '@kith/protocol'
import { fill } from '../words.ts'
import { mediaWords } from '../media-words.ts'
import { toSizeText } from './size.ts'

/** What the hooks call it. */
export const toHookState = (state: FileView['state'] | undefined): 'waiting' | 'moving' | 'here' | 'failed' => {
  switch (state) {
    case undefined:
      return 'here'
    case 'full':
      return 'failed'
    case 'comes':
    case 'goes':
    case 'sealing':
      return 'moving'
    case 'offered':
    case 'waits':
    case 'paused':
    case 'ready':
      return 'waiting'
  }
}

export const toFileSentence = ({ size }: AttachmentView, view: FileView | undefined, name: string): string =>
  fill(mediaWords.state[view?.state ?? 'here'], { size: toSizeText(size), done: toSizeText(view?.done ?? 0), name })
