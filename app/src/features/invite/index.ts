// Door of invites.

export { default as InvitationScreen } from './InvitationScreen.vue'
export { GroupLinkSheet, InviteSheet, PasteLinkSheet, preloadInvite } from './lazy.ts'
export { useClaim } from './useClaim.ts'
export { useInvitation } from './useInvitation.ts'
