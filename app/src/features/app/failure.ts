// Why there is no engine, in words that say what to do.

import type { EngineFailure } from '../engine/index.ts'
import { words } from '../words.ts'

type Failure = {
  readonly title: string
  readonly text: string
  readonly action: string
  /** `erase`: what is left here is erased first, so that everything begins anew. */
  readonly act: 'reload' | 'erase'
}

const failed = (text: string): Failure => ({ title: words.failed.title, text, action: words.failed.reload, act: 'reload' })

export const toFailure = (code: EngineFailure): Failure => {
  switch (code) {
    case 'unsupported':
      return failed(words.failed.unsupported)
    case 'storage-unavailable':
      return failed(words.failed.storage)
    case 'storage-blocked':
      return failed(words.failed.blocked)
    case 'storage-full':
      return { ...failed(words.failed.quota), title: words.failed.quotaTitle }
    case 'storage-failing':
      return failed(words.failed.failing)
    case 'storage-corrupt':
      return failed(words.failed.corrupt)
    case 'storage-lost':
      return { title: words.failed.lostTitle, text: words.failed.lost, action: words.failed.startAgain, act: 'erase' }
    case 'outdated':
      return { ...failed(words.failed.outdated), title: words.failed.outdatedTitle }
    case 'crashed':
      return failed(words.failed.crash)
    case 'unresponsive':
      return failed(words.failed.unresponsive)
    case 'wiped':
      return { ...failed(words.failed.wiped), title: words.failed.wipedTitle, action: words.failed.begin }
  }
}
