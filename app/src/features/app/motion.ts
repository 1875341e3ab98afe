// How things may move on the page.

/** For the browser's own scrolling, which style sheets do not reach. */
export const smoothly = (): ScrollBehavior => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth')
