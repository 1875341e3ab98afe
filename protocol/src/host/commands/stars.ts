// Commands about starred messages. The account document has their ids; what they say is read from their lines, so what was deleted or is over is not
// among them, and its star goes.

import { keyOfLine, lineOf } from '../../conversation/lines.ts'
import { previewOf } from '../../conversation/text.ts'
import { inWords } from '../../conversation/timeline-row.ts'
import { changeDocument } from '../../documents/document.ts'
import { STARS_MAX } from '../../documents/limits.ts'
import { isStarred } from '../../documents/account.ts'
import { setStar, starsOf, takeStar } from '../../documents/stars.ts'
import { STARS_READ_MAX, STAR_TEXT_LENGTH_MAX } from '../../limits.ts'
import { isShownIn } from '../../node/rest-looks.ts'
import type { Commands, StarredMessage } from '../../engine.ts'
import type { Clock, Store } from '../../ports.ts'
import type { Star } from '../../documents/stars.ts'
import type { DraftPlace } from '../../engine.ts'
import type { Documents } from '../documents/documents.ts'
import type { Loop } from '../loop.ts'

type Parts = {
  readonly store: Pick<Store, 'get'>
  readonly loop: Pick<Loop, 'state'>
  readonly documents: Pick<Documents, 'account'>
  readonly clock: Clock
}
type Change = Parameters<Documents['saveAccount']>[0]

export function createStars(
  { store, loop, documents, clock }: Parts,
  saveAccount: (change: Change, of?: DraftPlace) => Promise<void>,
): Pick<Commands, 'star' | 'readStars'> {
  /** `gone`: it was here and is not any more. `absent`: it may come yet. */
  async function look(star: Star): Promise<StarredMessage | 'gone' | 'absent'> {
    const { conversation, message } = star
    const { conversations, self } = loop.state()
    const chat = conversations.look(conversation)
    const line = chat && (await lineOf(store, conversation, message))
    if (chat === undefined || line === undefined)
      return chat !== undefined && (await keyOfLine(store, conversation, message)) !== undefined ? 'gone' : 'absent'
    if (line.content.kind !== 'text') return 'gone'
    if (!isShownIn(chat, self.account, line.account)) return 'absent'
    const text = previewOf(inWords(line.content), STAR_TEXT_LENGTH_MAX)
    return { conversation, message, mine: line.account === self.account, text, time: Math.min(line.time, clock()), starred: star.time }
  }

  return {
    async star({ conversation, message, isSet }) {
      const time = clock()
      if (isSet) {
        const found = await look({ conversation, message, time })
        if (typeof found === 'string') return { kind: 'refused', reason: 'unknown-message' }
      }
      let isFull = false
      await saveAccount((account) => {
        if (!isSet) return takeStar(account, message)
        if (isStarred(account, message)) return undefined
        isFull = starsOf(account).length >= STARS_MAX
        return isFull ? undefined : setStar(account, { message, conversation, time })
      }, conversation)
      return isFull ? { kind: 'refused', reason: 'too-many-stars' } : { kind: 'saved' }
    },

    async readStars({ after, limit }) {
      const isNext = (star: Star): boolean =>
        after === undefined || star.time < after.starred || (star.time === after.starred && star.message > after.message)
      const all = starsOf(documents.account()).filter(isNext)
      const max = Math.min(Math.max(1, Math.floor(limit)), STARS_READ_MAX)
      const shown: StarredMessage[] = []
      const gone: Star[] = []
      let at = 0
      for (; at < all.length && shown.length < max; at += max) {
        const some = all.slice(at, at + max)
        for (const [place, found] of (await Promise.all(some.map(look))).entries()) {
          if (found === 'gone') gone.push(...some.slice(place, place + 1))
          else if (found !== 'absent') shown.push(found)
        }
      }
      if (gone.length > 0)
        await saveAccount((account) => changeDocument(account, () => gone.forEach(({ message }) => takeStar(account, message))))
      return { stars: shown.slice(0, max), hasMore: shown.length > max || at < all.length }
    },
  }
}
