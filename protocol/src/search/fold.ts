// What counts as the same letter to whoever searches: compatibility forms (NFKC), case, and the accents of scripts in which they are left out in haste.

const NOT_ASCII = /[^\0-\x7f]/
/** Accents of Latin, Greek and Cyrillic; the vowel points of Hebrew, Arabic and Syriac; the stroke that stretches an Arabic word. */
const LEFT_OUT =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08d3-\u08e1\u08e3-\u08ff]|\p{Default_Ignorable_Code_Point}/gu
/** Letters that no normalization takes apart, and the other form of the Greek s. */
const ALONE: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
  ى: 'ي',
  ة: 'ه',
}
const STANDS_ALONE = new RegExp(`[${Object.keys(ALONE).join('')}]`, 'g')

/** Two texts that fold to the same are the same to a search. */
export function fold(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase()
  return lowered(lowered(text))
    .replace(STANDS_ALONE, (letter) => ALONE[letter] ?? letter)
    .normalize('NFC')
}

// Upper case first, because ß and ſ have no other way to ss and s; twice, because what is lowered may fall apart once more.
const lowered = (text: string): string => text.normalize('NFKD').replace(LEFT_OUT, '').toUpperCase().toLowerCase()
