// All that the node does for groups (docs/protocol.md §11, §12), loaded with the first of them.

export { addMembers, createGroup, leaveGroup, removeMember, setHistory, setRole } from './acts.ts'
export { askingDuties } from './asked.ts'
export { groupLink } from './group-link.ts'
export { receiveAsk } from './links.ts'
export { groupLinkOf, joiningOf } from './link-view.ts'
export { createJudge, isForUs, memberStateOf } from './entry.ts'
export { isForLater } from './standing.ts'
export { acceptWelcome, isNotForUs, noteChain, noteOwn, openHanded, receiveOpened, takeJudged, takeSaid } from './receive.ts'
export { markedWords, mentionsIn } from './mentions.ts'
export { receiveKnock } from './knock.ts'
export { reachIn } from './reached.ts'
export { settle } from './settle.ts'
