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

const FAILURES: Readonly<Record<EngineFailure, Failure>> = {
  unsupported: failed(words.failed.unsupported),
  'storage-unavailable': failed(words.failed.storage),
  'storage-blocked': failed(words.failed.blocked),
  'storage-full': { ...failed(words.failed.quota), title: words.failed.quotaTitle },
  'storage-failing': failed(words.failed.failing),
  'storage-corrupt': failed(words.failed.corrupt),
  'storage-lost': { title: words.failed.lostTitle, text: words.failed.lost, action: words.failed.startAgain, act: 'erase' },
  outdated: { ...failed(words.failed.outdated), title: words.failed.outdatedTitle },
  crashed: failed(words.failed.crash),
  unresponsive: failed(words.failed.unresponsive),
  wiped: { ...failed(words.failed.wiped), title: words.failed.wipedTitle, action: words.failed.begin },
}

export const toFailure = (code: EngineFailure): Failure => FAILURES[code]
