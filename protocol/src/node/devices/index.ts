// All that the node does for a person's own devices (docs/protocol.md §13), loaded with the first that is linked.

export { accountChanged, accountTold, accountUnsure, readElsewhere, receiveAccount } from './account.ts'
export { openByHand, takeHanded } from './handed.ts'
export { takeCircleSaid } from './hear.ts'
export { joinAccount, linkDevice } from './link.ts'
export { acceptList, acceptLists, takeList } from './lists.ts'
export { acceptDevice, greet } from './meet.ts'
export { newestOver, takeNewest } from './newest.ts'
export { renewList, tellLists } from './own-list.ts'
export { revokeDevice, takeCut } from './revoke.ts'
export { shareOpened } from './share.ts'
