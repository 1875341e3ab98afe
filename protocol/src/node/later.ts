// What of the node is loaded later (see part.ts).

export * from './groups/index.ts'
export * from './devices/index.ts'
export { compareLists, dismissAlarm, tellSplits } from './terms/alarms.ts'
export { mailboxesClosed, setBlocked } from './terms/blocking.ts'
export { acceptRequest, acceptTalk, askToTalk, ignoreRequest } from './terms/requests.ts'
export { actOnHandle } from './terms/hello.ts'
export { faultOfFace, setFace, takeOwnFace, tellFace } from './faces.ts'
export { openInvite } from './invites/open.ts'
export { rest } from './rest.ts'
export { scheduled } from './scheduled.ts'
export { erase, removeConversation, removedEnded } from './removing.ts'
export { expire, forget } from './rows/expire.ts'
export { answerLost, appeal, appealWhenAsked, takeBack } from './delivery/restore.ts'
export { askedOn } from './delivery/asking.ts'
export { asked, deposited } from './delivery/deliveries.ts'
export { depositedJointly } from './delivery/joint.ts'
export { entriesSent, haveSent, peerDown, peerUp } from './delivery/link.ts'
export { newestTold } from './delivery/newest.ts'
export { noteServed } from './delivery/serve.ts'
export { waitForKey } from './delivery/unopened.ts'
export { gathered, gatheredJointly } from './delivery/waiting.ts'
export { receive } from './incoming/inbox.ts'
export { readAgain } from './incoming/opening.ts'
export { inviteChecked, packetEnded, packetPut } from './invites/invites.ts'
export {
  depositPostponed,
  leave,
  mailboxCreated,
  mailboxesBound,
  mailboxesOpened,
  relayDown,
  relayUp,
  visit,
  welcomed,
} from './mailboxes/mailboxes.ts'
export { lookAfterRelays, rehome } from './mailboxes/placing.ts'
