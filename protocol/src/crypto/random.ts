// Where randomness comes from: the outside hands in a function, so that a seed replays everything.

/** `length` bytes that nobody can predict. */
export type Random = (length: number) => Uint8Array
