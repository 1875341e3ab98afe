// Whether a key belongs to an input method that is composing: its Enter chooses a word and must do nothing else.

/** Safari ends the composition first and tells of the key afterwards: then only the code that all input methods share is left to see. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === COMPOSING_KEY

const COMPOSING_KEY = 229
