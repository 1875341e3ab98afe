// The machine: (state, input) → (state, rows to store, effects to run once they are stored). Pure: clock and random come as `env`,
// and a step that throws has changed nothing. One line per input; the work is in the files that the lines name.

import { handOn } from './author.ts'
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
import { createDraft } from './draft.ts'
import { laterPart } from './part.ts'
import { moveHome } from './mailboxes/rehome.ts'
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
      return laterPart().readAgain(draft, input)
    case 'home':
      return moveHome(draft, input)
    case 'visit':
      return laterPart().visit(draft, input)
    case 'leave':
      return laterPart().leave(draft, input)
    case 'relay-up':
      return laterPart().relayUp(draft, input)
    case 'relay-down':
      return laterPart().relayDown(draft, input)
    case 'peer-up':
      return laterPart().peerUp(draft, input)
    case 'peer-down':
      return laterPart().peerDown(draft, input)
    case 'received':
      return laterPart().receive(draft, input)
    case 'welcomed':
      return laterPart().welcomed(draft, input)
    case 'mailbox-created':
      return laterPart().mailboxCreated(draft, input)
    case 'mailboxes-opened':
      return laterPart().mailboxesOpened(draft, input)
    case 'mailboxes-bound':
      return laterPart().mailboxesBound(draft, input)
    case 'packet-put':
      return laterPart().packetPut(draft, input)
    case 'packet-ended':
      return laterPart().packetEnded(draft, input)
    case 'removed-ended':
      return laterPart().removedEnded(draft, input)
    case 'invite-checked':
      return laterPart().inviteChecked(draft, input)
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

type GroupInput = 'create-group' | 'add-members' | 'remove-member' | 'set-role' | 'leave-group' | 'set-history' | 'group-link'
type DeviceInput = 'set-face' | 'link-device' | 'revoke-device' | 'join-account' | 'account-changed' | 'account-told' | 'read-elsewhere'
type TermsInput = 'set-blocked' | 'dismiss-alarm' | 'ask-to-talk' | 'ignore-request' | 'accept-request' | 'mailboxes-closed' | 'handle'
type OtherInput = InputOf<
  | 'deposited'
  | 'gathered'
  | 'gathered-joint'
  | 'deposited-joint'
  | 'hand-on'
  | 'unopened'
  | 'asked'
  | 'told'
  | 'streamed'
  | 'newest-told'
  | 'newest-over'
  | 'scheduled'
  | GroupInput
  | DeviceInput
  | TermsInput
>

/** One's own face and devices, groups, people who are no contacts or shall be none, and what became of what was delivered. */
function applyOther(draft: Draft, input: OtherInput): void {
  switch (input.kind) {
    case 'set-face':
      return laterPart().setFace(draft, input)
    case 'link-device':
      return laterPart().linkDevice(draft, input)
    case 'revoke-device':
      return laterPart().revokeDevice(draft, input)
    case 'join-account':
      return laterPart().joinAccount(draft, input)
    case 'account-changed':
      return laterPart().accountChanged(draft, input)
    case 'read-elsewhere':
      return laterPart().readElsewhere(draft, input)
    case 'account-told':
      return laterPart().accountTold(draft, input)
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
    case 'set-history':
      return laterPart().setHistory(draft, input)
    case 'group-link':
      return laterPart().groupLink(draft, input)
    case 'set-blocked':
      return laterPart().setBlocked(draft, input)
    case 'dismiss-alarm':
      return laterPart().dismissAlarm(draft, input)
    case 'mailboxes-closed':
      return laterPart().mailboxesClosed(draft, input)
    case 'ask-to-talk':
      return laterPart().askToTalk(draft, input)
    case 'ignore-request':
      return laterPart().ignoreRequest(draft, input)
    case 'accept-request':
      return laterPart().acceptTalk(draft, input)
    case 'handle':
      return laterPart().actOnHandle(draft, input)
    case 'deposited':
      return laterPart().deposited(draft, input)
    case 'gathered':
      return laterPart().gathered(draft, input)
    case 'gathered-joint':
      return laterPart().gatheredJointly(draft, input)
    case 'deposited-joint':
      return laterPart().depositedJointly(draft, input)
    case 'newest-told':
      return laterPart().newestTold(draft, input)
    case 'newest-over':
      return laterPart().newestOver(draft, input)
    case 'scheduled':
      return laterPart().scheduled(draft, input)
    case 'hand-on':
      return handOn(draft, input.conversation)
    case 'unopened':
      return laterPart().waitForKey(draft, input)
    case 'asked':
      return laterPart().asked(draft, input)
    case 'told':
      laterPart().askedOn(draft, input)
      return laterPart().haveSent(draft, input)
    case 'streamed':
      laterPart().noteServed(draft, input)
      return laterPart().entriesSent(draft, input)
  }
}
