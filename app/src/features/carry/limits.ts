// How much of a carry file the page hands over at once, bytes.

export const CARRY_PART_BYTES = 262_144
