// Where rows about files lie in the table `state`. What begins with `files/` is something to do; `filed/` says where those lie that are here whole,
// `unasked/` how much came of a chat that nobody has asked for, and `spoken/` has what was recorded and not sent yet.

import { FILES_GONE, FILES_WANTED } from '../../conversation/lines.ts'
import type { ConversationId } from '../../bytes/ids.ts'

export const FILE_PREFIXES = {
  wanted: FILES_WANTED,
  gone: FILES_GONE,
  going: 'files/going',
  staged: 'files/staged',
  leaving: 'files/leaving',
  clear: 'files/clear',
  filed: 'filed',
  unasked: 'unasked',
  spoken: 'spoken',
} as const

export const rangeOf = (...parts: readonly string[]) => {
  const prefix = parts.join('/')
  return { table: 'state', from: `${prefix}/`, to: `${prefix}/~` } as const
}

/** Store bounds of whatever there is to do. */
export const ANY_TO_DO = rangeOf('files')

/** Store bounds of all rows about files of one conversation. */
export const rowsOfChat = (conversation: ConversationId) => Object.values(FILE_PREFIXES).map((prefix) => rangeOf(prefix, conversation))
