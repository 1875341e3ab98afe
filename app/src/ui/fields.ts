// Where letters go.

export const takesLetters = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (/^(?:INPUT|SELECT|TEXTAREA)$/u.test(target.tagName) || target.isContentEditable)
