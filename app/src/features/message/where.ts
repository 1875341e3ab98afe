// Where a message is, step by step, as far as this device knows. What is proven by a later step counts for those before it.

import type { DeliveryState } from '@kith/protocol'
import { messageWords } from '../message-words.ts'
import { toCount } from '../time/index.ts'
import { fill } from '../words.ts'
import type { TextMessage } from './actions.ts'

export type Step = { readonly state: DeliveryState; readonly isDone: boolean; readonly text: string }

export const toSteps = (state: DeliveryState): readonly Step[] => {
  const { where } = messageWords
  const came = state === 'delivered' || state === 'read'
  const device: Step =
    state === 'unreadable'
      ? { state, isDone: true, text: where.unreadable }
      : { state: 'delivered', isDone: came, text: came ? where.device : where.deviceNot }
  return [
    { state: 'saved', isDone: true, text: where.here },
    state === 'relay'
      ? { state: 'relay', isDone: true, text: where.relay }
      : { state: 'relay', isDone: false, text: state === 'saved' ? where.relayNot : where.direct },
    device,
    { state: 'read', isDone: state === 'read', text: state === 'read' ? where.read : where.readNot },
  ]
}

/** The same in a group: with how many of its members. */
export const toGroupSteps = (
  state: DeliveryState,
  { delivered, read, of }: Exclude<TextMessage['reached'], undefined>,
): readonly Step[] => {
  const { where } = messageWords
  const toText = (text: string, count: number): string => fill(text, { count: toCount(count), of: toCount(of) })
  return [
    ...toSteps(state).slice(0, 2),
    { state: 'delivered', isDone: of > 0 && delivered === of, text: toText(where.devices, delivered) },
    { state: 'read', isDone: of > 0 && read === of, text: read === 0 ? where.readByNobody : toText(where.readBy, read) },
  ]
}
