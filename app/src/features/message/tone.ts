// Skin tones: the same tone for everybody in an emoji.

/** 0: none. */
export const TONES = [0, 1, 2, 3, 4, 5] as const
export type Tone = (typeof TONES)[number]

const LIGHTEST = 0x1f3fb
const TAKES_TONE = /(\p{Emoji_Modifier_Base})\uFE0F?/gu

export const withTone = (emoji: string, tone: Tone): string =>
  tone === 0 ? emoji : emoji.replace(TAKES_TONE, (_, base: string) => base + String.fromCodePoint(LIGHTEST + tone - 1))
