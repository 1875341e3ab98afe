// How a carry file is called at its end, and how much of one the page hands over at once.

export const CARRY_ENDING = '.kith'
/** Bytes. */
export const CARRY_PART_BYTES = 262_144
