// Finding an invite link in what somebody pasted. Whether it is a good one is decided by the engine.

import { PASTED_LENGTH_MAX } from '../limits.ts'

const MARK = '#i/'
const LINK = /https?:\/\/[^\s<>"']+#i\/[A-Za-z0-9_-]+/u
const FRAGMENT = /#i\/[A-Za-z0-9_-]+/u

/** The first link in a text; a whole message may stand around it. */
export const findInviteLink = (pasted: string): string | undefined => {
  const text = pasted.slice(0, PASTED_LENGTH_MAX)
  return LINK.exec(text)?.[0] ?? FRAGMENT.exec(text)?.[0]
}

export const isInviteHash = (hash: string): boolean => hash.startsWith(MARK)
