// Door of invites.

export { default as InvitationScreen } from './InvitationScreen.vue'
export { InviteSheet, PasteLinkSheet, preloadInvite } from './lazy.ts'
export { useClaim } from './useClaim.ts'
export { useInvitation } from './useInvitation.ts'
export { useShare } from './useShare.ts'
