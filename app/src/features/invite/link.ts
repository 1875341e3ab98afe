// Whether a text or an address has an invite link in it, as it was made or as another app has encoded it. The engine finds out where the link begins
// and ends, and whether it is a good one (protocol/src/invite/link-text.ts).

import { PASTED_LENGTH_MAX } from '../limits.ts'

const MARK = /(?:#|＃|%(?:25)*23|=23|&#(?:35|x23);)i(?:\/|%(?:25)*2[Ff]|=2[Ff]|&#(?:47|x2[Ff]);)[\p{Cf}\s]*[A-Za-z0-9_-]/u

/** A whole message may stand around the link. */
export const hasInviteLink = (text: string): boolean => MARK.test(text.slice(0, PASTED_LENGTH_MAX))
