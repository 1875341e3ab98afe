// A text field as high as its text, for browsers that do not do it by themselves.

const GROWS_ALONE = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content')

export const growToFit = (field: HTMLTextAreaElement | null): void => {
  if (GROWS_ALONE || field === null) return
  field.style.blockSize = 'auto'
  field.style.blockSize = `${field.scrollHeight}px`
}
