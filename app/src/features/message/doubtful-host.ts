// Whether the name of a host may look like another one: letters of two scripts in one label, of one script that pass for those of another, or
// a name that the network reads as another one than was written. Such a name is marked, and said the way the network writes it (xn--…).

/** Scripts that may make up a label alone, and those that are written together. Any other mixture is doubtful. */
const WRITTEN_TOGETHER = [
  ...[
    'Latin',
    'Greek',
    'Cyrillic',
    'Armenian',
    'Georgian',
    'Hebrew',
    'Arabic',
    'Ethiopic',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
  ],
  ...['Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan'],
].map((script) => [script])
const EAST_ASIAN = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Hangul'],
  ['Latin', 'Han', 'Bopomofo'],
]
/** What may stand in a name at all: a slash or a dot of another script may not. */
const NAME = /^(?:[\p{L}\p{M}\p{N}-]|\u200C|\u200D)+$/u
/** Letters of one other script that look like Latin ones: Cyrillic and Greek, then Armenian. */
const PASSES_FOR_LATIN = /^(?:[асԁеһіјӏорԛѕԝхуъЬɡαινοτυωϲ\d-]+|[օոսհցզյքգռ\d-]+)$/u
/** East Asian letters that pass for a slash, a dash or a bar beside Latin ones. */
const PASSES_FOR_SIGN = /[a-z\d][ノソゾンーヘへ一丨丶丿〇]|[ノソゾンーヘへ一丨丶丿〇][a-z\d]/u
/** Latin letters of ordinary alphabets that are no ASCII letter with a mark. */
const OWN_LATIN = /[ßæœøđðþłħŋə]/gu
const MARKS_BELOW = /^[\u0323-\u0326\u0329\u032D-\u0333]+$/u
const DIGIT_ELSEWHERE = /(?!\d)\p{Nd}/u

let patterns: readonly RegExp[] | undefined

// Made when the first such name is seen: most people never see one.
const scriptPatterns = (): readonly RegExp[] =>
  (patterns ??= [...WRITTEN_TOGETHER, ...EAST_ASIAN].map(
    (scripts) => new RegExp(`^[${['Common', 'Inherited', ...scripts].map((script) => `\\p{Script=${script}}`).join('')}]+$`, 'u'),
  ))

const isAscii = (label: string): boolean => /^[\x21-\x7E]*$/.test(label)

/** Latin letters that only resemble those of a name: without their dot, in another shape, or with nothing but a dot below. */
const isDoubtfulLatin = (label: string): boolean => {
  if (!/\p{Script=Latin}/u.test(label)) return false
  const taken = label.normalize('NFD').replace(OWN_LATIN, '')
  if (/(?![a-z])\p{Script=Latin}/u.test(taken)) return true
  return MARKS_BELOW.test(taken.replace(/\P{M}/gu, ''))
}

/** Digits of another script are at home among the letters of that script only. */
const hasDoubtfulDigits = (label: string): boolean => DIGIT_ELSEWHERE.test(label) && (/[a-z\d]/u.test(label) || !/\p{L}/u.test(label))

const isDoubtfulLabel = (label: string): boolean => {
  if (isAscii(label)) return false
  if (!NAME.test(label) || PASSES_FOR_LATIN.test(label) || PASSES_FOR_SIGN.test(label)) return true
  return isDoubtfulLatin(label) || hasDoubtfulDigits(label) || !scriptPatterns().some((pattern) => pattern.test(label))
}

/** `written`: the host as somebody wrote it, without a port. `real`: what the browser made of it. */
export const isDoubtfulHost = (written: string, real: string): boolean => {
  const name = written.toLowerCase()
  if (isAscii(name)) return name !== real
  return name.normalize('NFKC') !== name.normalize('NFC') || name.normalize('NFC').split('.').some(isDoubtfulLabel)
}
