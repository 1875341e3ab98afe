// Whether the name of a host may look like another one: letters of two scripts in one label, or of one script that pass for Latin ones.
// Such a name is shown the way the network writes it (xn--…), which resembles nothing.

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
const NAME = /^[\p{L}\p{M}\p{N}-]+$/u
/** Cyrillic and Greek letters that look like Latin ones. */
const PASSES_FOR_LATIN = /^[асԁеһіјӏорԛѕԝхуъЬɡαινοτυωϲ\d-]+$/u
const DOTS = /[.。．｡]/u

let patterns: readonly RegExp[] | undefined

// Made when the first such name is seen: most people never see one.
const scriptPatterns = (): readonly RegExp[] =>
  (patterns ??= [...WRITTEN_TOGETHER, ...EAST_ASIAN].map(
    (scripts) => new RegExp(`^[${['Common', 'Inherited', ...scripts].map((script) => `\\p{Script=${script}}`).join('')}]+$`, 'u'),
  ))

const isAscii = (label: string): boolean => /^[\x21-\x7E]*$/.test(label)

const isDoubtfulLabel = (label: string): boolean => {
  if (isAscii(label)) return false
  return !NAME.test(label) || PASSES_FOR_LATIN.test(label) || !scriptPatterns().some((pattern) => pattern.test(label))
}

/** `host` as somebody typed it, without a port. */
export const isDoubtfulHost = (host: string): boolean => host.normalize('NFKC').toLowerCase().split(DOTS).some(isDoubtfulLabel)
