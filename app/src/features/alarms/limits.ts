// Bounds of what is shown of alarms.

/** Proofs that stand above a chat at once; in a large group one who means harm could fill the screen with them. */
export const ALARMS_SHOWN_MAX = 2
