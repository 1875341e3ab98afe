// Whether anything of a text would be seen. The engine judges by the same rule what may be sent and what is shown; a test holds the two together.

// Marks need a letter to stand on; the last are letters and signs without ink, which no property tells.
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}\uFFF9-\uFFFB\u2800\u{13441}\u{13442}\u{1D159}]/u

export const isBlank = (text: string): boolean => !VISIBLE.test(text)
