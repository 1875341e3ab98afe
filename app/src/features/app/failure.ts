// Why there is no engine, in words that say what to do.

import type { EngineFailure } from '../engine/index.ts'
import { words } from '../words.ts'

type Failure = { readonly title: string; readonly text: string; readonly action: string }

const failed = (text: string): Failure => ({ title: words.failed.title, text, action: words.failed.reload })

const FAILURES: Readonly<Record<EngineFailure, Failure>> = {
  unsupported: failed(words.failed.unsupported),
  'storage-unavailable': failed(words.failed.storage),
  'storage-blocked': failed(words.failed.blocked),
  'storage-full': failed(words.failed.quota),
  'storage-corrupt': failed(words.failed.corrupt),
  outdated: { title: words.failed.outdatedTitle, text: words.failed.outdated, action: words.failed.reload },
  crashed: failed(words.failed.crash),
  unresponsive: failed(words.failed.unresponsive),
  wiped: { title: words.failed.wipedTitle, text: words.failed.wiped, action: words.failed.begin },
}

export const toFailure = (code: EngineFailure): Failure => FAILURES[code]
