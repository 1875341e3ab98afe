// The machine: (state, input) → (state, rows to store, effects to run once they are stored). Pure: clock and random come as `env`,
// and a step that throws has changed nothing. One line per input; the work is in the files that the lines name.

import { handOn } from './author.ts'
import { askedOn } from './delivery/asking.ts'
import {
  claimInvite,
  createPairWith,
  markRead,
  markShared,
  relateTo,
  revokeInvite,
  sendText,
  setName,
  setReadReceipts,
  wake,
  writeDocument,
} from './commands.ts'
import { asked, deposited } from './delivery/deliveries.ts'
import { createDraft } from './draft.ts'
import { laterPart } from './part.ts'
import { receive } from './incoming/inbox.ts'
import { inviteChecked, packetEnded, packetPut } from './invites/invites.ts'
import { peerDown, peerUp, entriesSent, haveSent } from './delivery/link.ts'
import { leave, mailboxCreated, mailboxesBound, mailboxesOpened, relayDown, relayUp, visit, welcomed } from './mailboxes/mailboxes.ts'
import { readAgain } from './incoming/opening.ts'
import { moveHome } from './mailboxes/rehome.ts'
import { depositedJointly } from './delivery/joint.ts'
import { waitForKey } from './delivery/unopened.ts'
import { gathered } from './delivery/waiting.ts'
import { noteServed } from './delivery/serve.ts'
import { tick } from './upkeep.ts'
import type { StoreWrite } from '../ports.ts'
import type { Draft, Effect, Env } from './draft.ts'
import type { InputOf, NodeInput } from './input.ts'
import type { NodeState } from './state.ts'

export type Step = { readonly state: NodeState; readonly writes: readonly StoreWrite[]; readonly effects: readonly Effect[] }

export function step(state: NodeState, input: NodeInput, env: Env): Step {
  const draft = createDraft(state, env)
  apply(draft, input)
  return { state: draft.state, writes: draft.writes, effects: draft.effects }
}

function apply(draft: Draft, input: NodeInput): void {
  switch (input.kind) {
    case 'create':
      return createPairWith(draft, input)
    case 'open-invite':
      return laterPart().openInvite(draft, input)
    case 'claim-invite':
      return claimInvite(draft, input)
    case 'send':
      return sendText(draft, input)
    case 'relate':
      return relateTo(draft, input)
    case 'forget':
      return laterPart().forget(draft, input)
    case 'mark-read':
      return markRead(draft, input)
    case 'set-name':
      return setName(draft, input)
    case 'set-read-receipts':
      return setReadReceipts(draft, input)
    case 'revoke-invite':
      return revokeInvite(draft, input)
    case 'mark-shared':
      return markShared(draft, input)
    case 'remove':
      return laterPart().removeConversation(draft, input)
    case 'erase':
      return laterPart().erase(draft, input)
    case 'write-document':
      return writeDocument(draft, input)
    case 'read-again':
      return readAgain(draft, input)
    case 'home':
      return moveHome(draft, input)
    case 'visit':
      return visit(draft, input)
    case 'leave':
      return leave(draft, input)
    case 'relay-up':
      return relayUp(draft, input)
    case 'relay-down':
      return relayDown(draft, input)
    case 'peer-up':
      return peerUp(draft, input)
    case 'peer-down':
      return peerDown(draft, input)
    case 'received':
      return receive(draft, input)
    case 'welcomed':
      return welcomed(draft, input)
    case 'mailbox-created':
      return mailboxCreated(draft, input)
    case 'mailboxes-opened':
      return mailboxesOpened(draft, input)
    case 'mailboxes-bound':
      return mailboxesBound(draft, input)
    case 'packet-put':
      return packetPut(draft, input)
    case 'packet-ended':
      return packetEnded(draft, input)
    case 'removed-ended':
      return laterPart().removedEnded(draft, input)
    case 'invite-checked':
      return inviteChecked(draft, input)
    case 'expire':
      return laterPart().expire(draft, input)
    case 'rest':
      return laterPart().rest(draft, input)
    case 'wake':
      return wake(draft, input)
    case 'tick':
      return tick(draft)
    default:
      return applyOther(draft, input)
  }
}

type GroupInput = 'create-group' | 'add-members' | 'remove-member' | 'set-role' | 'leave-group'
type DeviceInput = 'link-device' | 'revoke-device' | 'join-account'
type OtherInput = InputOf<
  'deposited' | 'gathered' | 'deposited-joint' | 'hand-on' | 'unopened' | 'asked' | 'told' | 'streamed' | GroupInput | DeviceInput
>

/** Own devices, groups, and what became of what was delivered. */
function applyOther(draft: Draft, input: OtherInput): void {
  switch (input.kind) {
    case 'link-device':
      return laterPart().linkDevice(draft, input)
    case 'revoke-device':
      return laterPart().revokeDevice(draft, input)
    case 'join-account':
      return laterPart().joinAccount(draft, input)
    case 'create-group':
      return laterPart().createGroup(draft, input)
    case 'add-members':
      return laterPart().addMembers(draft, input)
    case 'remove-member':
      return laterPart().removeMember(draft, input)
    case 'set-role':
      return laterPart().setRole(draft, input)
    case 'leave-group':
      return laterPart().leaveGroup(draft, input)
    case 'deposited':
      return deposited(draft, input)
    case 'gathered':
      return gathered(draft, input)
    case 'deposited-joint':
      return depositedJointly(draft, input)
    case 'hand-on':
      return handOn(draft, input.conversation)
    case 'unopened':
      return waitForKey(draft, input)
    case 'asked':
      return asked(draft, input)
    case 'told':
      askedOn(draft, input)
      return haveSent(draft, input)
    case 'streamed':
      noteServed(draft, input)
      return entriesSent(draft, input)
  }
}
