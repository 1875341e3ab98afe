// Finding an invite link in what somebody pasted. Whether it is a good one is decided by the engine.

const MARK = '#i/'
export const PASTED_LENGTH_MAX = 20_000
const LINK = /https?:\/\/[^\s<>"']+#i\/[A-Za-z0-9_-]+/u
const FRAGMENT = /#i\/[A-Za-z0-9_-]+/u

/** The first link in a text; a whole message may stand around it. */
export const findInviteLink = (pasted: string): string | undefined => {
  const text = pasted.slice(0, PASTED_LENGTH_MAX)
  return LINK.exec(text)?.[0] ?? FRAGMENT.exec(text)?.[0]
}

export const isInviteHash = (hash: string): boolean => hash.startsWith(MARK)
