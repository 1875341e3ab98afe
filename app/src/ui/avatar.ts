// How a key becomes a disc: hue, cut and turn from three bytes of its hash. It helps to recognise somebody and proves nothing.

export type AvatarShape = { readonly hue: number; readonly cut: string; readonly turn: number }

/** Head, dovetail, wave, step, tooth, arc. */
export const AVATAR_CUTS = [
  'M-30 3H-5C-3.2 3-3 1.4-4.4 0A7 7 0 1 1 4.4 0C3 1.4 3.2 3 5 3H30V30H-30Z',
  'M-30 2H-5L-7.5-7H7.5L5 2H30V30H-30Z',
  'M-30 0C-18 0-14-9-7-9S4 9 11 9S20 0 30 0V30H-30Z',
  'M-30-4H0V4H30V30H-30Z',
  'M-30 3H-7L0-8L7 3H30V30H-30Z',
  'M-30-2Q0 14 30-2V30H-30Z',
] as const

const byteAt = (hex: string, index: number): number => {
  const byte = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
  return Number.isNaN(byte) ? 0 : byte
}

export const toHue = (hash: string): number => 15 * (byteAt(hash, 0) % 24)

/** `hash` is lower-case hex of a SHA-256, as every id of a person is. */
export const toAvatarShape = (hash: string): AvatarShape => ({
  hue: toHue(hash),
  cut: AVATAR_CUTS[byteAt(hash, 1) % AVATAR_CUTS.length] ?? AVATAR_CUTS[0],
  turn: 22.5 * (byteAt(hash, 2) % 16),
})
