// What the message of a file says of it, as long as it is here.

import { lineOf } from '../../conversation/lines.ts'
import { isShownIn } from '../../node/rest-looks.ts'
import type { FilePlace } from '../../attachments/file-frame.ts'
import type { AccountId, DeviceId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'
import type { Store } from '../../ports.ts'
import type { Attachment } from '../../wire/attachment.ts'

/** `account`, `device`: whose message it is. `time`: that of the message, ms. `isPoster`: it is the picture of the video before it. */
export type SaidFile = {
  readonly attachment: Attachment
  readonly isPoster: boolean
  readonly account: AccountId
  readonly device: DeviceId
  readonly time: number
}

/** Undefined where the message is not here, not shown, or has no such file. */
export async function saidOf(store: Pick<Store, 'get'>, state: () => NodeState, place: FilePlace): Promise<SaidFile | undefined> {
  const line = await lineOf(store, place.conversation, place.message)
  const { conversations, self } = state()
  // A chat that rests says enough.
  const chat = conversations.look(place.conversation)
  if (line?.content.kind !== 'text' || chat === undefined || !isShownIn(chat, self.account, line.account)) return undefined
  const { [place.item - 1]: before, [place.item]: attachment } = line.content.files ?? []
  const isPoster = before?.video?.hasPoster === true
  return attachment && { attachment, isPoster, account: line.account, device: line.device, time: line.time }
}
