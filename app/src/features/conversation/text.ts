// How a text wants to be set: large when it is nothing but a few emoji, folded when it is very long.

const EMOJI_ONLY = new RegExp('^\\p{RGI_Emoji}{1,3}$', 'v')
const EMOJI_LENGTH_MAX = 64

export const FOLD_LENGTH = 2_400
export const FOLD_LINES = 30

export const isEmojiOnly = (text: string): boolean => text.length <= EMOJI_LENGTH_MAX && EMOJI_ONLY.test(text.replace(/\s/gu, ''))

export const isLong = (text: string): boolean => text.length > FOLD_LENGTH || text.split('\n', FOLD_LINES + 1).length > FOLD_LINES
