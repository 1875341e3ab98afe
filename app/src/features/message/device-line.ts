// The line that says that somebody's account has a device more, or less.

import type { MessageView } from '@kith/protocol'
import { messageWords } from '../message-words.ts'

/** Undefined for what is said elsewhere. */
export const toDeviceLine = (message: MessageView, peerName: string): { readonly text: string; readonly name: string } | undefined => {
  if (message.kind !== 'system' || (message.event !== 'device-added' && message.event !== 'device-removed')) return undefined
  const change = message.event === 'device-added' ? 'added' : 'removed'
  return { text: messageWords.devices[message.mine ? (`${change}Mine` as const) : change], name: message.name ?? peerName }
}
