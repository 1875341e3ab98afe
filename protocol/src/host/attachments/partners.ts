// Who files are shared with, whether their chats rest or not: a frame of a link can be here before the step that its link makes.

import { devicesIn } from '../../node/rest-looks.ts'
import type { ConversationId, DeviceId } from '../../bytes/ids.ts'
import type { NodeState } from '../../node/state.ts'

/** Whether a device takes part in a conversation beside this one. */
export function takesPart({ conversations, peers }: NodeState, conversation: ConversationId, device: DeviceId): boolean {
  const chat = conversations.look(conversation)
  return chat !== undefined && peers.has(device) && devicesIn(chat).includes(device)
}

/** The conversations in which a contact's device takes part. */
export const chatsWith = ({ directory, peers }: NodeState, device: DeviceId): readonly ConversationId[] =>
  peers.has(device) ? (directory.shared.get(device) ?? []) : []
